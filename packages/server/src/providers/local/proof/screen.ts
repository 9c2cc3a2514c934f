import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asPng, type Picture, readPpm } from '../guest/png.ts';
import { converse } from '../guest/qmp.ts';
import { PICTURE_LIMIT, readWithin } from '../guest/screen.ts';

/** Where a VGA in text mode keeps what it shows: a character and its colours, in rows of 80. */
const TEXT_AT = 0xb8000;
const TEXT_LENGTH = 0x8000;
const COLUMNS = 80;
const ANSWER_MS = 5000;
const FILES = { text: 'text', picture: 'picture' } as const;

interface Guest {
  readonly folder: string;
  readonly name: string;
}

/** What stands on the screen of a machine in text mode; of one that paints, nothing that makes sense. Also what scrolled away. */
export async function screenText(guest: Guest): Promise<string> {
  const bytes = await asked(guest, FILES.text, TEXT_LENGTH, (filename) => ({
    command: 'pmemsave',
    args: { val: TEXT_AT, size: TEXT_LENGTH, filename },
  }));
  return rowsOf(bytes);
}

export function rowsOf(memory: Uint8Array): string {
  const rows: string[] = [];
  for (let at = 0; at + 2 * COLUMNS <= memory.length; at += 2 * COLUMNS) {
    const row = Uint8Array.from({ length: COLUMNS }, (_, column) => memory[at + 2 * column] ?? 0);
    rows.push(
      Buffer.from(row)
        .toString('latin1')
        .replace(/[^\x20-\x7e]/g, ' ')
        .trimEnd(),
    );
  }
  return rows.join('\n');
}

export async function takePicture(guest: Guest): Promise<Picture> {
  return readPpm(
    await asked(guest, FILES.picture, PICTURE_LIMIT, (filename) => ({ command: 'screendump', args: { filename } })),
  );
}

/** How often the machine has read from its disks or written to them. */
export async function transfers(guest: Guest): Promise<number> {
  const signal = AbortSignal.timeout(ANSWER_MS);
  const answer = await converse({ ...guest, signal }, (execute) => execute('query-blockstats'));
  return (answer as readonly BlockStats[]).reduce(
    (sum, { stats }) => sum + stats.rd_operations + stats.wr_operations,
    0,
  );
}

type BlockStats = { readonly stats: { readonly rd_operations: number; readonly wr_operations: number } };

/** What QEMU writes to a file when it is asked to. @throws an Error */
async function asked(
  guest: Guest,
  filename: string,
  limit: number,
  ask: (filename: string) => { command: string; args: Readonly<Record<string, unknown>> },
): Promise<Buffer> {
  const { command, args } = ask(filename);
  const signal = AbortSignal.timeout(ANSWER_MS);
  const path = join(guest.folder, filename);
  try {
    await converse({ ...guest, signal }, (execute) => execute(command, args));
    return await readWithin(path, limit);
  } finally {
    await rm(path, { force: true });
  }
}

/** Colours of the stop errors of Windows: 7 and before; 8; 10, 11 and the Servers after 2016. */
const STOP_COLOURS = ['000080', '0000aa', '000082', '1073aa', '0078d7'].map((hex) => Buffer.from(hex, 'hex'));
const SHARE = 0.7;

/** Nearly all of the screen has the one blue of a stop error, and something stands on it. */
export function isBlueScreen({ width, height, rgb }: Picture): boolean {
  const points = width * height;
  return STOP_COLOURS.some((colour) => {
    let blue = 0;
    for (let at = 0; at + 2 < rgb.length; at += 3) {
      if (rgb[at] === colour[0] && rgb[at + 1] === colour[1] && rgb[at + 2] === colour[2]) blue++;
    }
    return blue >= SHARE * points && blue < points;
  });
}

/** A picture that is larger than this is not kept. */
const KEPT_LIMIT = 256 * 1024;

export async function keptPicture(picture: Picture): Promise<Uint8Array | undefined> {
  const png = await asPng(picture);
  return png.length <= KEPT_LIMIT ? png : undefined;
}
