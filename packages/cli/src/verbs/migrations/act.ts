import type { Schemas } from '@diskferry/protocol/client';
import type { Context } from '../../context.ts';
import { parseBytes } from '../../units.ts';
import { answerOf, clientOf } from '../../service/call.ts';
import type { ConnectionFlags } from '../../service/connection.ts';
import { stateText } from '../../show/migration.ts';
import { type RequestFlags, requestOf } from './request-flags.ts';

type ActFlags = ConnectionFlags & { readonly json?: boolean };
export type PlainAction = 'pause' | 'cancel' | 'retry';

/** `diskferry migrations pause|cancel|retry ID…` */
export async function act(
  action: PlainAction,
  ids: readonly string[],
  flags: ActFlags,
  { signal }: Context,
): Promise<void> {
  const client = await clientOf(flags, signal);
  for (const id of ids) {
    report(
      await answerOf(client.POST(`/api/v1/migrations/{id}/actions/${action}`, { params: { path: { id } } })),
      flags,
    );
  }
}

/** `diskferry migrations resume ID…`: with the warnings that are accepted from now on. */
export async function resume(
  ids: readonly string[],
  flags: ActFlags & { readonly accept?: readonly string[] },
  { signal }: Context,
): Promise<void> {
  const client = await clientOf(flags, signal);
  const query = flags.accept === undefined ? {} : { accept: [...flags.accept] };
  for (const id of ids) {
    const params = { path: { id }, query };
    report(await answerOf(client.POST('/api/v1/migrations/{id}/actions/resume', { params })), flags);
  }
}

type ReplaceFlags = ActFlags & RequestFlags & { readonly image?: string };

/** `diskferry migrations replace-link ID LINK`: only one to the same object is taken. */
export async function replaceLink(id: string, link: string, flags: ReplaceFlags, { signal }: Context): Promise<void> {
  const client = await clientOf(flags, signal);
  const { images } = await requestOf({ kind: 'data', link, target: 'none', flags });
  const { credentials, headers } = images[0]?.source ?? {};
  const image = flags.image === undefined ? 0 : Number(flags.image) - 1;
  const body = { image, link, ...(credentials ? { credentials } : {}), ...(headers ? { headers } : {}) };
  const params = { path: { id } };
  report(await answerOf(client.POST('/api/v1/migrations/{id}/actions/replace-link', { params, body })), flags);
}

/** `diskferry migrations bandwidth ID RATE|none` */
export async function changeBandwidth(id: string, rate: string, flags: ActFlags, { signal }: Context): Promise<void> {
  const client = await clientOf(flags, signal);
  const body = { bandwidth: rate === 'none' ? null : parseBytes(rate, 'the rate') };
  const params = { path: { id } };
  report(await answerOf(client.POST('/api/v1/migrations/{id}/actions/change-bandwidth', { params, body })), flags);
}

function report(migration: Schemas['Migration'], { json }: ActFlags): void {
  if (json) return void process.stdout.write(`${JSON.stringify(migration)}\n`);
  const asked = migration.asked === null ? '' : `, ${migration.asked} is asked for: the worker stops first`;
  process.stdout.write(`${migration.id}: ${stateText(migration)}${asked}\n`);
}
