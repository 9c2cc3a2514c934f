import { createInterface } from 'node:readline/promises';
import { DiskferryError } from '@diskferry/engine';
import type { Context } from '../../context.ts';
import { answerOf, clientOf } from '../../service/call.ts';
import { connectionOf, type ConnectionFlags } from '../../service/connection.ts';
import { timeText } from '../../show/migration.ts';
import { printable, tableOf } from '../../show/table.ts';
import { roleOf } from './tokens.ts';

type Flags = ConnectionFlags & { readonly json?: boolean };

export async function listUsers(flags: Flags, { signal }: Context): Promise<void> {
  const { items } = await answerOf((await clientOf(flags, signal)).GET('/api/v1/users'));
  if (flags.json) return void process.stdout.write(`${JSON.stringify(items)}\n`);
  const rows = items.map(({ id, name, role, disabled, createdAt }) => {
    return [id, printable(name), role, disabled ? 'disabled' : '', timeText(createdAt)];
  });
  process.stdout.write(tableOf(['ID', 'NAME', 'ROLE', '', 'CREATED'], rows));
}

/** The password comes from standard input: an argument would stand in the list of processes. */
export async function createUser(name: string, flags: Flags & { role?: string }, { signal }: Context): Promise<void> {
  const role = roleOf(flags.role);
  const password = await passwordFrom(signal);
  const client = await clientOf(flags, signal);
  const user = await answerOf(client.POST('/api/v1/users', { body: { name, role, password } }));
  process.stdout.write(flags.json ? `${JSON.stringify(user)}\n` : `${user.id} (${printable(name)}) is ${role}\n`);
}

export interface ChangeUserFlags extends Flags {
  readonly role?: string;
  readonly disable?: boolean;
  readonly enable?: boolean;
  readonly password?: boolean;
}

export async function changeUser(id: string, flags: ChangeUserFlags, { signal }: Context): Promise<void> {
  const body = {
    ...(flags.role === undefined ? {} : { role: roleOf(flags.role) }),
    ...(flags.disable || flags.enable ? { disabled: flags.disable === true } : {}),
    ...(flags.password ? { password: await passwordFrom(signal) } : {}),
  };
  if (Object.keys(body).length === 0)
    throw new DiskferryError('usage', 'nothing is to be changed: --role, --password, --disable, --enable');
  const client = await clientOf(flags, signal);
  const user = await answerOf(client.PATCH('/api/v1/users/{id}', { params: { path: { id } }, body }));
  process.stdout.write(flags.json ? `${JSON.stringify(user)}\n` : `${user.id} is changed\n`);
}

export async function deleteUser(id: string, flags: Flags, { signal }: Context): Promise<void> {
  await answerOf((await clientOf(flags, signal)).DELETE('/api/v1/users/{id}', { params: { path: { id } } }));
  process.stdout.write(flags.json ? `${JSON.stringify({ deleted: id })}\n` : `${id} is deleted\n`);
}

/** A link that signs this user in once. */
export async function signInLink(id: string, flags: Flags, { signal }: Context): Promise<void> {
  const { server } = await connectionOf(flags, process.env);
  const client = await clientOf(flags, signal);
  const made = await answerOf(client.POST('/api/v1/users/{id}/sign-in-link', { params: { path: { id } } }));
  const link = `${server}/sign-in#${made.code}`;
  process.stdout.write(flags.json ? `${JSON.stringify({ link, expiresAt: made.expiresAt })}\n` : `${link}\n`);
}

async function passwordFrom(signal: AbortSignal): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('Password (it is shown while you type): ');
  const lines = createInterface({ input: process.stdin });
  try {
    for await (const line of lines) {
      signal.throwIfAborted();
      return line;
    }
  } finally {
    lines.close();
  }
  throw new DiskferryError('usage', 'a password is wanted on standard input');
}
