import type { ImageFormat } from './image.ts';

/** Every format, in the order in which they are asked. `raw` claims nothing: it is what is left, or what is declared. */
export const FORMATS: readonly ImageFormat[] = [];
