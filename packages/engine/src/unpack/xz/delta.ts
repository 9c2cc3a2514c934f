import type { Filter } from './filter.ts';

/** Delta (xz-file-format section 5.3.3): each byte is stored as its difference to the one `distance` before it. */
export function deltaFilter(distance: number): Filter {
  const history = new Uint8Array(256);
  let at = 0;
  return (buffer) => {
    for (let place = 0; place < buffer.length; place++) {
      const value = ((buffer[place] as number) + (history[(at - distance) & 255] as number)) & 255;
      history[at] = value;
      buffer[place] = value;
      at = (at + 1) & 255;
    }
    return buffer.length;
  };
}
