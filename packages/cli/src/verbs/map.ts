import { DiskferryError, openImage, type Extent, type Image } from '@diskferry/engine';
import type { Context } from '../context.ts';
import { openOptions } from '../open-flags.ts';
import type { SourceFlags } from '../source-flags.ts';
import { openSources } from '../sources.ts';

type Row = Pick<Extent, 'offset' | 'length' | 'kind'>;

/** `diskferry map SOURCE`: the runs of the virtual disk. Neighbours of one kind are one run, however they are stored. */
export async function map(typed: string, flags: SourceFlags & { json?: boolean }, context: Context): Promise<void> {
  await using sources = await openSources(typed, flags);
  await using opened = await openImage(sources.main, openOptions(flags, sources, context.signal));
  if (opened.origin.way === 'pass') {
    throw new DiskferryError(
      'usage',
      `${sources.main.label} can only be read in one pass: it has a map once it is landed`,
    );
  }
  const rows = joined(opened.origin.image, context.signal);
  if (flags.json) await writeJson(rows);
  else for await (const row of rows) process.stdout.write(textOf(row));
}

async function* joined(image: Image, signal: AbortSignal): AsyncIterable<Row> {
  let current: { offset: number; length: number; kind: Extent['kind'] } | undefined;
  for await (const { offset, length, kind } of image.extents({ offset: 0, length: image.size }, signal)) {
    if (current?.kind === kind) current.length += length;
    else {
      if (current) yield current;
      current = { offset, length, kind };
    }
  }
  if (current) yield current;
}

/** One array, written as it comes: a map may have millions of rows. */
async function writeJson(rows: AsyncIterable<Row>): Promise<void> {
  let separator = '[';
  for await (const row of rows) {
    process.stdout.write(`${separator}${JSON.stringify(row)}`);
    separator = ',\n';
  }
  process.stdout.write(separator === '[' ? '[]\n' : ']\n');
}

function textOf({ offset, length, kind }: Row): string {
  return `${String(offset).padStart(16)} ${String(length).padStart(16)} ${kind}\n`;
}
