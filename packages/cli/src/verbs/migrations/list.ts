import { writeFile } from 'node:fs/promises';
import { DiskferryError } from '@diskferry/engine';
import { MIGRATION_STATES, type MigrationState } from '@diskferry/protocol';
import type { Context } from '../../context.ts';
import { answerOf, clientOf } from '../../service/call.ts';
import type { ConnectionFlags } from '../../service/connection.ts';
import { migrationsTable, migrationText, timeText } from '../../show/migration.ts';
import { printable, tableOf } from '../../show/table.ts';
import { defined } from './request-flags.ts';

export interface ListFlags extends ConnectionFlags {
  readonly state?: readonly string[];
  readonly kind?: string;
  readonly text?: string;
  readonly resource?: string;
  readonly limit?: string;
  readonly cursor?: string;
  readonly json?: boolean;
}

export async function list(flags: ListFlags, { signal }: Context): Promise<void> {
  const client = await clientOf(flags, signal);
  const { text, resource, cursor } = flags;
  const state = flags.state?.map(stateOf);
  const kind = flags.kind === undefined ? undefined : [kindOf(flags.kind)];
  const limit = flags.limit === undefined ? 50 : Number(flags.limit);
  const query = { ...defined({ state, kind, text, resource, cursor }), limit };
  const page = await answerOf(client.GET('/api/v1/migrations', { params: { query } }));
  if (flags.json) return void process.stdout.write(`${JSON.stringify(page)}\n`);
  process.stdout.write(page.items.length === 0 ? 'no migrations\n' : migrationsTable(page.items));
  if (page.next) process.stdout.write(`more: --cursor ${page.next}\n`);
}

function stateOf(typed: string): MigrationState {
  if ((MIGRATION_STATES as readonly string[]).includes(typed)) return typed as MigrationState;
  throw new DiskferryError('usage', `--state is ${typed}; ${MIGRATION_STATES.join(', ')} are known`);
}

function kindOf(typed: string): 'instance' | 'data' {
  if (typed === 'instance' || typed === 'data') return typed;
  throw new DiskferryError('usage', `--kind is ${typed}; instance and data are known`);
}

type JsonFlags = ConnectionFlags & { readonly json?: boolean };

export async function show(id: string, flags: JsonFlags, { signal }: Context): Promise<void> {
  const client = await clientOf(flags, signal);
  const migration = await answerOf(client.GET('/api/v1/migrations/{id}', { params: { path: { id } } }));
  process.stdout.write(flags.json ? `${JSON.stringify(migration)}\n` : migrationText(migration));
}

export async function events(id: string, flags: JsonFlags, { signal }: Context): Promise<void> {
  const client = await clientOf(flags, signal);
  const { items } = await answerOf(client.GET('/api/v1/migrations/{id}/events', { params: { path: { id } } }));
  if (flags.json) return void process.stdout.write(`${JSON.stringify(items)}\n`);
  const rows = items.map(({ version, at, kind, by, detail }) => {
    return [`${version}`, timeText(at), kind, by ?? '', printable(detailText(detail))];
  });
  process.stdout.write(tableOf(['N', 'TIME', 'EVENT', 'BY', ''], rows, [0]));
}

function detailText(detail: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(detail).filter(([, value]) => typeof value !== 'object' && value !== undefined);
  return parts.map(([name, value]) => `${name} ${String(value)}`).join(', ');
}

/** Onto standard output, or into a file; with --json onto both. */
export async function receipt(id: string, flags: JsonFlags & { out?: string }, { signal }: Context): Promise<void> {
  const client = await clientOf(flags, signal);
  const signed = await answerOf(client.GET('/api/v1/migrations/{id}/receipt', { params: { path: { id } } }));
  const text = `${JSON.stringify(signed, undefined, 2)}\n`;
  if (flags.out === undefined || flags.json) process.stdout.write(text);
  if (flags.out !== undefined) await writeFile(flags.out, text, { flag: 'wx' });
}
