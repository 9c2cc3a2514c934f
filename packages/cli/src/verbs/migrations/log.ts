import { setTimeout as sleep } from 'node:timers/promises';
import { isOver } from '@diskferry/protocol';
import type { Schemas } from '@diskferry/protocol/client';
import type { Context } from '../../context.ts';
import { answerOf, clientOf } from '../../service/call.ts';
import { connectionOf, type ConnectionFlags } from '../../service/connection.ts';
import { eventsOf } from '../../service/events.ts';
import { printable } from '../../show/table.ts';

type Flags = ConnectionFlags & { readonly json?: boolean; readonly follow?: boolean };
type Line = Schemas['LogLine'];

/** A worker writes its last words behind the end of the migration. */
const LAST_WORDS_MS = 2000;

/** What the workers said. With --follow until the migration is over; ending this changes nothing of it. */
export async function log(id: string, flags: Flags, context: Context): Promise<void> {
  if (flags.follow) return follow(id, flags, context);
  say(await linesOf(id, flags, context.signal), flags);
}

async function follow(id: string, flags: Flags, { signal }: Context): Promise<void> {
  const connection = await connectionOf(flags, process.env);
  const path = `/api/v1/migrations/${encodeURIComponent(id)}/progress`;
  let last = 0;
  const tell = (items: readonly Line[]) => {
    const more = items.filter(({ seq }) => seq > last);
    last = more.at(-1)?.seq ?? last;
    say(more, flags);
  };
  for await (const { event, data } of eventsOf(connection, path, signal)) {
    if (event === 'lines') tell((JSON.parse(data) as Schemas['LogLineList']).items);
    if (event === 'migration' && isOver((JSON.parse(data) as Schemas['Migration']).state)) break;
  }
  await sleep(LAST_WORDS_MS, undefined, { signal });
  tell(await linesOf(id, flags, signal));
}

async function linesOf(id: string, flags: Flags, signal: AbortSignal): Promise<readonly Line[]> {
  const client = await clientOf(flags, signal);
  return (await answerOf(client.GET('/api/v1/migrations/{id}/log', { params: { path: { id } } }))).items;
}

function say(lines: readonly Line[], { json }: Flags): void {
  for (const line of lines) {
    const { at, level, text } = line;
    const plain = `${new Date(at).toISOString()} ${level.padEnd(5)} ${printable(text)}`;
    process.stdout.write(`${json ? JSON.stringify(line) : plain}\n`);
  }
}
