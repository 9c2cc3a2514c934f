import { openImage, type Image, type Opened } from '@diskferry/engine';
import type { Context } from '../context.ts';
import { openOptions } from '../open-flags.ts';
import type { SourceFlags } from '../source-flags.ts';
import { openSources } from '../sources.ts';
import { formatBytes } from '../units.ts';

/** `diskferry inspect SOURCE`: what lies there, layer by layer, from headers and tables alone. */
export async function inspect(typed: string, flags: SourceFlags & { json?: boolean }, context: Context): Promise<void> {
  await using sources = await openSources(typed, flags);
  await using opened = await openImage(sources.main, openOptions(flags, sources, context.signal));
  const allocated =
    opened.origin.way === 'ranges' ? await allocatedBytes(opened.origin.image, context.signal) : undefined;
  const report = reportOf(sources.main.label, opened, allocated);
  process.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : asText(report));
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

function asText(report: ReturnType<typeof reportOf>): string {
  const lines: [string, string][] = [
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
  return lines.map(([name, value]) => `${name.padEnd(13)} ${value}\n`).join('');
}

function sizeText(bytes: number | null, unknown = 'unknown'): string {
  return bytes === null ? `unknown (${unknown})` : `${formatBytes(bytes)} (${bytes} bytes)`;
}
