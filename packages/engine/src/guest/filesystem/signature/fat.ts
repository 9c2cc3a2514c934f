import { isPowerOfTwo, KiB } from '../../../base/align.ts';
import { u16le, u32le, u64le } from '../../../base/endian.ts';
import { hex } from '../../guid.ts';
import { field } from '../../text.ts';
import { content, countOf, hasText, peek, type Recogniser } from './content.ts';
import { fatLayout } from '../fat/boot-sector.ts';

/** The kind follows from the number of clusters alone (Microsoft's specification); the text in the sector is a hint. */
export const recogniseFat: Recogniser = async (part) => {
  const sector = await peek(part, 0, 512);
  const layout = sector && fatLayout(sector);
  if (!sector || !layout) return undefined;
  const isWide = layout.bits === 32;
  const serial = u32le(sector, isWide ? 67 : 39);
  const label = field(sector, isWide ? 71 : 43, 11);
  const free = isWide ? await freeClusters(part, u16le(sector, 48), layout) : undefined;
  const dirty = ((sector[isWide ? 65 : 37] ?? 0) & 1) !== 0;
  return content(`fat${layout.bits}`, {
    label: label === 'NO NAME' ? undefined : label,
    uuid: `${hex(serial >>> 16, 4)}-${hex(serial & 0xffff, 4)}`.toUpperCase(),
    size: layout.sectors * layout.sectorSize,
    used: free === undefined ? undefined : (layout.clusters - free) * layout.clusterSize,
    states: dirty ? ['dirty'] : [],
  });
};

async function freeClusters(
  part: Parameters<Recogniser>[0],
  sector: number,
  layout: { readonly sectorSize: number; readonly clusters: number },
): Promise<number | undefined> {
  const info = await peek(part, sector * layout.sectorSize, 512);
  if (!info || !hasText(info, 0, 'RRaA') || !hasText(info, 484, 'rrAa')) return undefined;
  const free = u32le(info, 488);
  return free <= layout.clusters ? free : undefined;
}

export const recogniseExfat: Recogniser = async (part) => {
  const sector = await peek(part, 0, 512);
  if (!sector || !hasText(sector, 3, 'EXFAT   ')) return undefined;
  const sectorSize = 2 ** (sector[108] ?? 0);
  if (!isPowerOfTwo(sectorSize) || sectorSize > 4 * KiB) return undefined;
  const serial = u32le(sector, 100);
  return content('exfat', {
    uuid: `${hex(serial >>> 16, 4)}-${hex(serial & 0xffff, 4)}`.toUpperCase(),
    size: (countOf(u64le(sector, 72)) ?? 0) * sectorSize,
    states: (u16le(sector, 106) & 2) === 0 ? [] : ['dirty'],
  });
};
