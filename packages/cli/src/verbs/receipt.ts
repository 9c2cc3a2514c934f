import { readFile, stat } from 'node:fs/promises';
import { DiskferryError, diskDigest, openBytes, openSource } from '@diskferry/engine';
import { type SignedReceipt, verifyReceipt } from '@diskferry/server/receipts';
import { formatBytes } from '../units.ts';
import { timeText } from '../show/migration.ts';
import { factsOf, printable } from '../show/table.ts';

interface Flags {
  readonly key?: string;
  readonly disk?: readonly string[];
  readonly json?: boolean;
}

/** No receipt is larger; what is, is something else. */
const MOST_BYTES = 2 ** 24;

/**
 * `diskferry receipt verify FILE`: whether nothing of it was changed since it was signed, and with --disk whether the disks
 * still hold what it says. Exit code 1 where not.
 */
export async function verifyReceiptFile(path: string, flags: Flags, signal: AbortSignal): Promise<void> {
  const signed = await receiptIn(path);
  const verdict = verifyReceipt(signed, flags.key === undefined ? {} : { publicKey: flags.key });
  const disks = verdict.valid ? await compareDisks(signed as SignedReceipt, flags.disk ?? [], signal) : [];
  const good = verdict.valid && disks.every(({ equal }) => equal);
  if (!good) process.exitCode = 1;
  if (flags.json) return void process.stdout.write(`${JSON.stringify({ ...verdict, disks })}\n`);
  if (!verdict.valid) return void process.stdout.write(`not valid: ${printable(verdict.why)}\n`);
  process.stdout.write(receiptText(signed as SignedReceipt, flags.key !== undefined));
  for (const { disk, equal } of disks)
    process.stdout.write(`${disk}: ${equal ? 'holds just this' : 'holds something else'}\n`);
}

async function receiptIn(path: string): Promise<unknown> {
  try {
    const { size } = await stat(path);
    if (size > MOST_BYTES) throw new Error(`it has ${size} bytes`);
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new DiskferryError('usage', `${path} cannot be read as a receipt: ${(cause as Error).message}`, { cause });
  }
}

async function compareDisks(signed: SignedReceipt, paths: readonly string[], signal: AbortSignal) {
  const { images } = signed.receipt;
  if (paths.length > 0 && paths.length !== images.length) {
    throw new DiskferryError('usage', `the receipt has ${images.length} disks, and ${paths.length} were given`);
  }
  const compared: { disk: string; equal: boolean }[] = [];
  for (const [index, path] of paths.entries()) {
    const image = images[index];
    if (!image?.digest) throw new DiskferryError('usage', `image ${index + 1} was not verified: it has no digest`);
    compared.push({ disk: path, equal: (await digestOf(path, image.virtualSize, signal)) === image.digest });
  }
  return compared;
}

/** Of the first `size` bytes; undefined where there are not so many. */
async function digestOf(path: string, size: number, signal: AbortSignal): Promise<string | undefined> {
  await using source = openSource({ kind: 'file', path });
  await using disk = await openBytes(source, await source.identify(signal));
  return disk.size < size ? undefined : await diskDigest(disk, size, signal);
}

function receiptText({ receipt, signature }: SignedReceipt, isPinned: boolean): string {
  const { migration, by, startedAt, endedAt, images, bootProof, worker, version } = receipt;
  return factsOf([
    ['receipt', isPinned ? 'valid, and signed with the key that was given' : 'valid'],
    ['migration', `${printable(migration.name)} (${printable(migration.id)}), ${migration.kind}`],
    ['by', printable(by)],
    ['time', `${timeText(startedAt)} to ${timeText(endedAt)}`],
    ...images.flatMap((image, index): [string, string][] => [
      [`image ${index + 1}`, `${printable(image.source)} → ${printable(image.target.volume)}`],
      ['  disk', `${formatBytes(image.virtualSize)}, read back: ${image.readBack}`],
      ['  digest', image.digest ?? 'none was taken'],
    ]),
    ...(bootProof ? [['boot proof', `${bootProof.verdict}: ${bootProof.reached}`] as [string, string]] : []),
    ['made by', `${printable(worker)}, Diskferry ${printable(version)}`],
    ['key', signature.publicKey],
  ]);
}
