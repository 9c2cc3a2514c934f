import type { Layer } from '@diskferry/engine';
import type { PreflightView, SeenImageView } from '@diskferry/protocol';
import type { SeenImage } from '../../images/seen-image.ts';
import type { PreflightImage } from '../../preflight/report.ts';

export function imageView(image: SeenImage): SeenImageView {
  return { ...image, ...foundView(image) };
}

export function preflightImageView(image: PreflightImage): PreflightView['images'][number] {
  return { ...image, ...foundView(image) };
}

function foundView({ layers, guest }: Pick<PreflightImage, 'layers' | 'guest'>) {
  return { layers: layers.map(shownLayer), guest: guest as SeenImageView['guest'] };
}

/** Only what the schema names: a layer may come to carry more. */
function shownLayer({ kind, name, size, member, subformat }: Layer): SeenImageView['layers'][number] {
  const shown = { kind, name, size, member, subformat };
  return Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined)) as typeof shown;
}
