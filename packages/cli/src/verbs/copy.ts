import {
  DiskferryError,
  Meter,
  openImage,
  transfer,
  type Landed,
  type Opened,
  type Verify,
  Workshop,
} from '@diskferry/engine';
import { cutTo } from '../created-size.ts';
import { openOptions } from '../open-flags.ts';
import { prepareTarget, type Prepared, type TargetFlags } from '../prepare-target.ts';
import type { Context } from '../context.ts';
import { showProgress } from '../progress/show.ts';
import type { SourceFlags } from '../source-flags.ts';
import { openSources } from '../sources.ts';
import { formatBytes, formatSeconds, parseBytes } from '../units.ts';

export interface CopyFlags extends SourceFlags, TargetFlags {
  readonly verify?: string;
  readonly sha256?: boolean;
  readonly commitEvery?: string;
  readonly quiet?: boolean;
}

interface CopyCall {
  readonly source: string;
  readonly target: string;
  readonly flags: CopyFlags;
}

/** `diskferry copy SOURCE TARGET`: open, prepare, land, say what was done. */
export async function copy(call: CopyCall, context: Context): Promise<void> {
  const { flags } = call;
  const { signal } = context;
  const verify = verifyLevel(flags.verify ?? 'written');
  const commitBytes = flags.commitEvery === undefined ? undefined : parseBytes(flags.commitEvery, '--commit-every');
  const begun = performance.now();
  const meter = new Meter();
  await using sources = await openSources(call.source, flags, (bytes) => (meter.bytesRead += bytes));
  await using opened = await openImage(sources.main, openOptions(flags, sources, signal));
  meter.sourceSize = opened.fileSize;
  await using workshop = new Workshop();
  const prepared = await prepareTarget(call.target, opened, { flags, signal });
  announce(opened, prepared, flags);
  const progress = showProgress(meter, flags);
  let landed: Landed;
  try {
    await opened.precheck?.(signal);
    landed = await transfer(opened.origin, prepared.target, {
      checkpoint: prepared.checkpoint,
      workshop,
      meter,
      verify,
      sha256: flags.sha256 === true,
      commitBytes,
      width: sources.connections,
      signal,
    });
    await cutIfOurs(call.target, opened, prepared, landed);
  } finally {
    progress.stop();
    await prepared[Symbol.asyncDispose]();
  }
  const { overwritten } = prepared;
  const report = reportOf({ opened, landed, meter, verify, overwritten, seconds: (performance.now() - begun) / 1000 });
  process.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : asText(report, call.target));
  // Last of all: a copy that is killed before it said that it is done must be able to go on, and then to say so.
  await prepared.checkpoint.remove();
}

function verifyLevel(text: string): Verify {
  if (text === 'none' || text === 'written' || text === 'full') return text;
  throw new DiskferryError('usage', `--verify ${text} is not known: none, written, full`);
}

/** A file may be a single frame or block: only reading it tells. */
const GOES_ON_AT = {
  true: '',
  frames: ', at the last frame boundary that was passed; what is done is not written again',
  blocks: ', at the last block boundary that was passed; what is done is not written again',
  false: '; the package is read again, what is done is not written again',
} as const;

/** What a person wants to know before it runs, on standard error. */
function announce(opened: Opened, prepared: Prepared, flags: CopyFlags): void {
  if (flags.json || flags.quiet) return;
  const trail = opened.layers.map(({ name }) => name).join(' → ');
  const size = opened.virtualSize === undefined ? 'size known at its end' : formatBytes(opened.virtualSize);
  process.stderr.write(`diskferry: ${trail}, ${size}, read ${opened.reading}\n`);
  for (const warning of opened.warnings) process.stderr.write(`diskferry: note: ${warning}\n`);
  if (!prepared.checkpoint.resumed) return;
  process.stderr.write(`diskferry: goes on from ${prepared.checkpoint.path}${GOES_ON_AT[`${opened.goesOn}`]}\n`);
}

/** The disk is complete: a file that was made too large is cut. The checkpoint knows before, as its target changes. */
async function cutIfOurs(path: string, opened: Opened, prepared: Prepared, landed: Landed): Promise<void> {
  const { target, checkpoint } = prepared;
  const provisional = opened.virtualSize === undefined && target.kind === 'file' && checkpoint.start.sizedByUs === true;
  if (!provisional) return;
  await checkpoint.commit({ segments: [], zeroed: [], cut: landed.virtualSize });
  await cutTo(path, landed.virtualSize);
}

function reportOf(done: {
  opened: Opened;
  landed: Landed;
  meter: Meter;
  verify: Verify;
  overwritten: string | undefined;
  seconds: number;
}) {
  const { opened, landed, meter } = done;
  return {
    format: landed.facts.format,
    layers: opened.layers,
    fileSize: opened.fileSize ?? null,
    virtualSize: landed.virtualSize,
    bytesRead: meter.bytesRead,
    bytesWritten: meter.bytesWritten,
    bytesZeroed: meter.bytesZeroed,
    resumedBytes: meter.resumedBytes,
    digest: landed.digest ?? null,
    ...(landed.sha256 === undefined ? {} : { sha256: landed.sha256 }),
    verify: done.verify,
    behind: landed.behind,
    overwritten: done.overwritten ?? null,
    warnings: opened.warnings,
    seconds: Math.round(done.seconds * 1000) / 1000,
  };
}

const BEHIND = {
  nothing: '',
  zero: ', zeros behind it',
  'edges-zero': ', the first and the last MiB behind it made zero',
} as const;

function asText(report: ReturnType<typeof reportOf>, target: string): string {
  const resumed = report.resumedBytes > 0 ? `, ${formatBytes(report.resumedBytes)} from before` : '';
  const checked = { none: 'not read back', written: 'read back and equal', full: 'all of it read back and equal' };
  return [
    `done: ${formatBytes(report.virtualSize)} on ${target} in ${formatSeconds(report.seconds)}${BEHIND[report.behind]}`,
    `  read ${formatBytes(report.bytesRead)}, wrote ${formatBytes(report.bytesWritten)}${resumed}; ${checked[report.verify]}`,
    ...(report.digest ? [`  digest ${report.digest}`] : []),
    ...(report.sha256 ? [`  sha256 ${report.sha256}`] : []),
    '',
  ].join('\n');
}
