import { readFile } from 'node:fs/promises';
import { DiskferryError } from '@diskferry/engine';
import type { Context } from '../../context.ts';
import { answerOf, clientOf } from '../../service/call.ts';
import type { ConnectionFlags } from '../../service/connection.ts';
import { timeText } from '../../show/migration.ts';
import { printable, tableOf } from '../../show/table.ts';

type Flags = ConnectionFlags & { readonly json?: boolean };

export async function listWorkers(flags: Flags, { signal }: Context): Promise<void> {
  const { items } = await answerOf((await clientOf(flags, signal)).GET('/api/v1/workers'));
  if (flags.json) return void process.stdout.write(`${JSON.stringify(items)}\n`);
  const rows = items.map(({ id, host, version, labels, busyWith, concurrency, seenAt, draining }) => {
    return [
      id,
      host,
      version,
      labels.join(', '),
      `${busyWith.length} of ${concurrency}`,
      timeText(seenAt),
      draining ? 'ends' : '',
    ];
  });
  const heading = ['ID', 'HOST', 'VERSION', 'LABELS', 'BUSY', 'SEEN', ''];
  process.stdout.write(rows.length === 0 ? 'no workers\n' : tableOf(heading, rows, [4]));
}

export async function listAudit(
  flags: Flags & { limit?: string; cursor?: string; who?: string },
  { signal }: Context,
): Promise<void> {
  const client = await clientOf(flags, signal);
  const { cursor, who } = flags;
  const query = { limit: Number(flags.limit ?? 50), ...(cursor ? { cursor } : {}), ...(who ? { who } : {}) };
  const page = await answerOf(client.GET('/api/v1/audit', { params: { query } }));
  if (flags.json) return void process.stdout.write(`${JSON.stringify(page)}\n`);
  const rows = page.items.map(({ at, who: name, from, action, target, outcome }) => {
    return [timeText(at), printable(name), from, action, printable(target ?? ''), outcome];
  });
  process.stdout.write(tableOf(['TIME', 'WHO', 'FROM', 'ACTION', 'TARGET', 'OUTCOME'], rows));
  if (page.next) process.stdout.write(`more: --cursor ${page.next}\n`);
}

export async function showSettings(flags: Flags, { signal }: Context): Promise<void> {
  const found = await answerOf((await clientOf(flags, signal)).GET('/api/v1/settings'));
  process.stdout.write(`${JSON.stringify(flags.json ? found : found.settings, undefined, flags.json ? 0 : 2)}\n`);
}

/** The whole settings from a file, as `settings show` prints them. */
export async function writeSettings(path: string, flags: Flags, { signal }: Context): Promise<void> {
  const client = await clientOf(flags, signal);
  const { version } = await answerOf(client.GET('/api/v1/settings'));
  const settings = await settingsIn(path);
  const call = client.PUT('/api/v1/settings', { body: { settings, version } as never });
  process.stdout.write(`${JSON.stringify(await answerOf(call))}\n`);
}

async function settingsIn(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new DiskferryError('usage', `${path} cannot be read as JSON: ${(cause as Error).message}`, { cause });
  }
}
