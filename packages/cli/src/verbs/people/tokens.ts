import { DiskferryError } from '@diskferry/engine';
import type { Context } from '../../context.ts';
import { answerOf, clientOf } from '../../service/call.ts';
import type { ConnectionFlags } from '../../service/connection.ts';
import { timeText } from '../../show/migration.ts';
import { printable, tableOf } from '../../show/table.ts';

type Flags = ConnectionFlags & { readonly json?: boolean };
const DAY_MS = 86_400_000;

export async function listTokens(flags: Flags, { signal }: Context): Promise<void> {
  const { items } = await answerOf((await clientOf(flags, signal)).GET('/api/v1/tokens'));
  if (flags.json) return void process.stdout.write(`${JSON.stringify(items)}\n`);
  const rows = items.map(({ id, name, role, createdBy, expiresAt, lastUsedAt }) => {
    const [until, used] = [expiresAt, lastUsedAt].map((time) => (time === null ? 'never' : timeText(time)));
    return [id, printable(name), role, printable(createdBy), until ?? '', used ?? ''];
  });
  process.stdout.write(tableOf(['ID', 'NAME', 'ROLE', 'BY', 'EXPIRES', 'LAST USED'], rows));
}

/** The secret goes to standard output and is shown this once. */
export async function createToken(
  name: string,
  flags: Flags & { role?: string; days?: string },
  { signal }: Context,
): Promise<void> {
  const client = await clientOf(flags, signal);
  const expiresAt = flags.days === undefined ? null : Date.now() + daysOf(flags.days) * DAY_MS;
  const made = await answerOf(client.POST('/api/v1/tokens', { body: { name, role: roleOf(flags.role), expiresAt } }));
  process.stdout.write(flags.json ? `${JSON.stringify(made)}\n` : `${made.secret}\n`);
}

export async function deleteToken(id: string, flags: Flags, { signal }: Context): Promise<void> {
  await answerOf((await clientOf(flags, signal)).DELETE('/api/v1/tokens/{id}', { params: { path: { id } } }));
  process.stdout.write(flags.json ? `${JSON.stringify({ deleted: id })}\n` : `${id} is deleted\n`);
}

export function roleOf(typed = 'operator'): 'admin' | 'operator' | 'viewer' {
  if (typed === 'admin' || typed === 'operator' || typed === 'viewer') return typed;
  throw new DiskferryError('usage', `--role is ${typed}; admin, operator and viewer are known`);
}

function daysOf(typed: string): number {
  if (/^[1-9]\d{0,3}$/.test(typed)) return Number(typed);
  throw new DiskferryError('usage', `--days is ${typed}; a number from 1 to 9999 is wanted`);
}
