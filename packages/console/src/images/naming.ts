import type { TFunction } from 'i18next';
import type { SeenImage } from '../service/service.ts';

/** Would make a name say something else than it is. */
const MISLEADING = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** The last part of its path, which is what people call it. */
export function fileName(link: string): string {
  const last = link.replace(/\/+$/, '').split('/').at(-1) ?? '';
  try {
    const name = decodeURIComponent(last) || link;
    return MISLEADING.test(name) ? last : name;
  } catch {
    return last;
  }
}

export function verdictWords({ blocks, warnings }: Pick<SeenImage, 'blocks' | 'warnings'>, t: TFunction): string {
  const words = [
    ...(blocks > 0 ? [t('images.blocks', { count: blocks })] : []),
    ...(warnings > 0 ? [t('images.warnings', { count: warnings })] : []),
  ];
  return words.length === 0 ? t('images.clean') : words.join(', ');
}
