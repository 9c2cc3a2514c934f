import { openImage, type Image, type Opened } from '@diskferry/engine';
import type { Context } from '../context.ts';
import { lookInside, targetProfile, type GuestView } from '../guest.ts';
import { guestLines } from '../guest-text.ts';
import { openOptions } from '../open-flags.ts';
import type { SourceFlags } from '../source-flags.ts';
import { openSources } from '../sources.ts';
import { formatBytes } from '../units.ts';

export interface InspectFlags extends SourceFlags {
  readonly json?: boolean;
  readonly targetProfile?: string;
  /** False with --no-guest. */
  readonly guest?: boolean;
}

/** `diskferry inspect SOURCE`: what lies there, layer by layer, and what is on the disk inside. */
export async function inspect(typed: string, flags: InspectFlags, context: Context): Promise<void> {
  const profile = targetProfile(flags.targetProfile);
  await using sources = await openSources(typed, flags);
  await using opened = await openImage(sources.main, openOptions(flags, sources, context.signal));
  const allocated =
    opened.origin.way === 'ranges' ? await allocatedBytes(opened.origin.image, context.signal) : undefined;
  const inside = flags.guest === false ? undefined : await lookInside(opened, profile, context.signal);
  const report = reportOf(sources.main.label, opened, allocated);
  const nothing = { targetProfile: null, guest: null, checks: [] };
  process.stdout.write(
    flags.json ? `${JSON.stringify({ ...report, ...(inside ?? nothing) })}\n` : asText(report, inside),
  );
}

async function allocatedBytes(image: Image, signal: AbortSignal): Promise<number> {
  let bytes = 0;
  for await (const extent of image.extents({ offset: 0, length: image.size }, signal)) {
    if (extent.kind === 'data') bytes += extent.length;
  }
  return bytes;
}

function reportOf(source: string, opened: Opened, allocated: number | undefined) {
  const { facts } = opened;
  return {
    source,
    layers: opened.layers,
    format: facts.format,
    subformat: facts.subformat,
    fileSize: opened.fileSize ?? null,
    virtualSize: opened.virtualSize ?? null,
    allocated: allocated ?? null,
    clusterSize: facts.clusterSize ?? null,
    features: facts.features,
    reading: opened.reading,
    goesOn: opened.goesOn,
    warnings: opened.warnings,
    identity: opened.identity,
  };
}

const AFTER_CRASH = {
  true: 'goes on where it stood',
  frames: 'goes on at the last frame boundary; a file of one frame is read again',
  blocks: 'goes on at the last block boundary; a file of one block is read again',
  false: 'reads the package again, writes only what is missing',
} as const;

function asText(report: ReturnType<typeof reportOf>, inside: GuestView | undefined): string {
  const lines: (readonly [string, string])[] = [
    ['source', report.source],
    ['layers', report.layers.map(({ name, member }) => (member ? `${name} (${member})` : name)).join(' → ')],
    ['format', `${report.format}, ${report.subformat}`],
    ['file size', sizeText(report.fileSize)],
    ['virtual size', sizeText(report.virtualSize, 'only its end tells')],
    ['allocated', sizeText(report.allocated, 'only reading it tells')],
    ['reading', report.reading],
    ['after a crash', AFTER_CRASH[`${report.goesOn}`]],
  ];
  if (report.clusterSize) lines.push(['cluster', formatBytes(report.clusterSize)]);
  if (report.features.length > 0) lines.push(['features', report.features.join(', ')]);
  for (const warning of report.warnings) lines.push(['warning', warning]);
  if (inside) lines.push(...guestLines(inside));
  return lines.map(([name, value]) => `${name.padEnd(13)} ${value}\n`).join('');
}

function sizeText(bytes: number | null, unknown = 'unknown'): string {
  return bytes === null ? `unknown (${unknown})` : `${formatBytes(bytes)} (${bytes} bytes)`;
}
