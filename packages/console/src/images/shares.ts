import type { Schemas } from '../service/service.ts';

type Volume = Schemas['GuestVolume'];

/** A piece of the picture of a disk; without a volume it is free space. */
export interface Piece {
  readonly volume: Volume | null;
  /** From 0 to 100 along the picture. */
  readonly from: number;
  readonly width: number;
}

/** So much of the picture is enough to be seen. */
const LEAST = 2;

/** The parts of a disk from its beginning to its end, the small ones widened so that they can be seen. */
export function piecesOf(volumes: readonly Volume[], diskSize: number | null): readonly Piece[] {
  const placed = volumes
    .flatMap((volume) => (volume.start === null || volume.size <= 0 ? [] : [{ volume, start: volume.start }]))
    .toSorted((a, b) => a.start - b.start);
  const end = Math.max(diskSize ?? 0, ...placed.map(({ volume, start }) => start + volume.size));
  if (placed.length === 0 || end <= 0) return [];
  const parts: { volume: Volume | null; size: number }[] = [];
  let at = 0;
  for (const { volume, start } of placed) {
    if (start > at) parts.push({ volume: null, size: start - at });
    parts.push({ volume, size: volume.size });
    at = Math.max(at, start + volume.size);
  }
  if (end > at) parts.push({ volume: null, size: end - at });
  return drawn(parts, end);
}

function drawn(parts: readonly { readonly volume: Volume | null; readonly size: number }[], end: number): Piece[] {
  const wide = parts.map(({ volume, size }) => Math.max((size / end) * 100, volume === null ? 0 : LEAST));
  const sum = wide.reduce((total, width) => total + width, 0);
  let from = 0;
  return parts.map(({ volume }, index) => {
    const width = ((wide[index] ?? 0) / sum) * 100;
    const piece = { volume, from, width };
    from += width;
    return piece;
  });
}
