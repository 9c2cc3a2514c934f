import type { TFunction } from 'i18next';
import type { SeenImage } from '../service/service.ts';

/** The last part of its path, which is what people call it. */
export function fileName(link: string): string {
  const last = link.replace(/\/+$/, '').split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last) || link;
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
