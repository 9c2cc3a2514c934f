import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import type { Schemas } from '@diskferry/protocol/client';
import type { Context } from '../../context.ts';
import { answerOf, clientOf } from '../../service/call.ts';
import type { ConnectionFlags } from '../../service/connection.ts';
import { checksText, forecastText } from '../../show/checks.ts';
import { type RequestFlags, requestOf, type Wanted } from './request-flags.ts';
import { watch } from './watch.ts';

export interface MigrateFlags extends RequestFlags, ConnectionFlags {
  readonly yes?: boolean;
  readonly detach?: boolean;
  readonly json?: boolean;
  readonly idempotencyKey?: string;
}

type Call = Omit<Wanted, 'flags'>;

/** `diskferry preflight KIND LINK TARGET`: what would be found; changes nothing. Exit code 3 where something forbids it. */
export async function preflight(call: Call, flags: MigrateFlags, { signal }: Context): Promise<void> {
  const report = await askPreflight(await requestOf({ ...call, flags }), flags, signal);
  if (flags.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else process.stdout.write(checksText(report.checks, { all: true }) + forecastText(report.forecast));
  if (report.checks.some(({ verdict }) => verdict === 'block')) process.exitCode = 3;
}

/**
 * `diskferry migrate KIND LINK TARGET`: asks the preflight, has warnings accepted (--accept, --yes, or on a terminal by
 * typing yes), creates the migration and watches it. Without --yes nothing that warns is started silently.
 */
export async function migrate(call: Call, flags: MigrateFlags, context: Context): Promise<void> {
  const request = await requestOf({ ...call, flags });
  const accepted = await acceptWarnings(request, flags, context.signal);
  const options = { ...request.options, accept: [...new Set([...(request.options?.accept ?? []), ...accepted])] };
  const client = await clientOf(flags, context.signal);
  const migration = await answerOf(
    client.POST('/api/v1/migrations', {
      params: { header: { 'Idempotency-Key': flags.idempotencyKey ?? randomUUID() } },
      body: { ...request, options },
    }),
  );
  if (flags.json) process.stdout.write(`${JSON.stringify(migration)}\n`);
  else process.stderr.write(`diskferry: migration ${migration.id} is created; it goes on whether this runs or not\n`);
  if (!flags.detach) await watch(migration.id, flags, context);
}

async function askPreflight(request: Schemas['MigrationInput'], flags: ConnectionFlags, signal: AbortSignal) {
  return answerOf((await clientOf(flags, signal)).POST('/api/v1/preflight', { body: request }));
}

/** The codes that the person accepts now; where something forbids it, creating says so. */
async function acceptWarnings(
  request: Schemas['MigrationInput'],
  flags: MigrateFlags,
  signal: AbortSignal,
): Promise<string[]> {
  const canAsk = process.stdin.isTTY === true && process.stderr.isTTY === true;
  if (!flags.yes && !canAsk) return [];
  const { checks, forecast } = await askPreflight(request, flags, signal);
  const codes = checks.filter(({ verdict }) => verdict === 'warn').map(({ code }) => code);
  const open = codes.filter((code) => !(flags.accept ?? []).includes(code));
  // The refusal has all of this in it.
  const accepted = flags.accept ?? [];
  if (checks.some(({ code, verdict }) => verdict === 'block' && !accepted.includes(code))) return [];
  if (!flags.json) process.stderr.write(checksText(checks, { all: false }) + forecastText(forecast));
  if (open.length === 0 || flags.yes) return open;
  return (await agrees(signal)) ? open : [];
}

async function agrees(signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question('Start it in spite of these warnings? Type yes: ', { signal });
    return answer.trim().toLowerCase() === 'yes';
  } finally {
    terminal.close();
  }
}
