import { DiskferryError, type FormatName, type OpenImageOptions } from '@diskferry/engine';
import type { SourceFlags } from './source-flags.ts';
import type { Sources } from './sources.ts';
import { parseBytes } from './units.ts';

const FORMAT_NAMES: readonly FormatName[] = ['raw', 'qcow2', 'vhd', 'vmdk', 'vhdx', 'vdi'];

/** How the image is to be opened, from the flags. `vpc` is qemu's name of VHD. */
export function openOptions(flags: SourceFlags, sources: Sources, signal: AbortSignal): OpenImageOptions {
  return {
    format: flags.format === undefined ? undefined : formatName(flags.format),
    member: flags.member,
    vhdSize: flags.vhdSize === undefined ? undefined : sizeRule(flags.vhdSize),
    inOrder: flags.checksum !== undefined,
    companions: sources.companions,
    ...(flags.spillLimit === undefined ? {} : { spillLimit: parseBytes(flags.spillLimit, '--spill-limit') }),
    signal,
  };
}

function sizeRule(text: string): 'footer' | 'geometry' {
  if (text === 'footer' || text === 'geometry') return text;
  throw new DiskferryError('usage', `--vhd-size ${text} is not known: footer, geometry`);
}

function formatName(text: string): FormatName {
  const lower = text.toLowerCase();
  const found = FORMAT_NAMES.find((name) => name === (lower === 'vpc' ? 'vhd' : lower));
  if (found) return found;
  throw new DiskferryError('usage', `--format ${text} is not known: ${FORMAT_NAMES.join(', ')} (vpc is vhd)`);
}
