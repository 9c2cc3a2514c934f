import { randomUUID } from 'node:crypto';
import { stripVTControlCharacters } from 'node:util';
import { DiskferryError } from '@diskferry/engine';
import type { Schemas } from '@diskferry/protocol/client';
import type { Context } from '../../context.ts';
import { answerOf, clientOf } from '../../service/call.ts';
import type { ConnectionFlags } from '../../service/connection.ts';
import { factsOf, printable, tableOf } from '../../show/table.ts';
import { formatBytes, parseBytes, parseCount } from '../../units.ts';
import { placeOf, type PlaceFlags } from './place.ts';

type Flags = ConnectionFlags & { readonly json?: boolean };

export async function listInstances(flags: Flags & { text?: string }, { signal }: Context): Promise<void> {
  const client = await clientOf(flags, signal);
  const query = { limit: 500, ...(flags.text === undefined ? {} : { text: flags.text }) };
  const { items } = await answerOf(client.GET('/api/v1/instances', { params: { query } }));
  if (flags.json) return void process.stdout.write(`${JSON.stringify(items)}\n`);
  const rows = items.map((instance) => [
    instance.id,
    printable(instance.name),
    `${instance.region}/${instance.zone}`,
    instance.state,
    `${instance.cpus} CPU, ${formatBytes(instance.memory)}`,
    instance.firmware,
    `${1 + instance.dataVolumes.length}`,
    instance.heldBy?.why ?? '',
  ]);
  const heading = ['ID', 'NAME', 'ZONE', 'STATE', 'SIZE', 'FIRMWARE', 'DISKS', 'HELD'];
  process.stdout.write(rows.length === 0 ? 'no instances\n' : tableOf(heading, rows, [6]));
}

export async function showInstance(id: string, flags: Flags, { signal }: Context): Promise<void> {
  const client = await clientOf(flags, signal);
  show(await answerOf(client.GET('/api/v1/instances/{id}', { params: { path: { id } } })), flags);
}

export interface CreateInstanceFlags extends Flags, PlaceFlags {
  readonly size: string;
  readonly firmware?: string;
  readonly cpus?: string;
  readonly memory?: string;
}

export async function createInstance(name: string, flags: CreateInstanceFlags, { signal }: Context): Promise<void> {
  const client = await clientOf(flags, signal);
  const body = {
    name,
    ...(await placeOf(client, flags)),
    firmware: firmwareOf(flags.firmware ?? 'bios'),
    cpus: parseCount(flags.cpus ?? '1', '--cpus', 1024),
    memory: parseBytes(flags.memory ?? '512M', '--memory'),
    systemSize: parseBytes(flags.size, '--size'),
  };
  const params = { header: { 'Idempotency-Key': randomUUID() } };
  show(await answerOf(client.POST('/api/v1/instances', { params, body })), flags);
}

function firmwareOf(typed: string): 'bios' | 'uefi' {
  if (typed === 'bios' || typed === 'uefi') return typed;
  throw new DiskferryError('usage', `--firmware is ${typed}; bios and uefi are known`);
}

export async function startInstance(id: string, flags: Flags, { signal }: Context): Promise<void> {
  const client = await clientOf(flags, signal);
  show(await answerOf(client.POST('/api/v1/instances/{id}/actions/start', { params: { path: { id } } })), flags);
}

export async function stopInstance(id: string, flags: Flags & { grace?: string }, { signal }: Context): Promise<void> {
  const client = await clientOf(flags, signal);
  const graceSeconds = flags.grace === undefined ? 60 : Number(flags.grace);
  const call = client.POST('/api/v1/instances/{id}/actions/stop', { params: { path: { id } }, body: { graceSeconds } });
  show(await answerOf(call), flags);
}

export async function deleteInstance(id: string, flags: Flags, { signal }: Context): Promise<void> {
  const client = await clientOf(flags, signal);
  await answerOf(client.DELETE('/api/v1/instances/{id}', { params: { path: { id } } }));
  process.stdout.write(flags.json ? `${JSON.stringify({ deleted: id })}\n` : `${id} is deleted\n`);
}

/** What the guest wrote to its serial console, as far as it is kept. */
export async function serialLog(id: string, flags: Flags & { last?: string }, { signal }: Context): Promise<void> {
  const client = await clientOf(flags, signal);
  const query = { last: flags.last === undefined ? 65_536 : Number(flags.last) };
  const log = await answerOf(client.GET('/api/v1/instances/{id}/serial', { params: { path: { id }, query } }));
  if (flags.json) return void process.stdout.write(`${JSON.stringify(log)}\n`);
  process.stdout.write(harmless(log.text));
}

/** Letters, spaces and line ends of a guest; what would steer the terminal is left out. */
function harmless(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/[^\P{Cc}\n\t]/gu, '');
}

function show(instance: Schemas['Instance'], { json }: Flags): void {
  if (json) return void process.stdout.write(`${JSON.stringify(instance)}\n`);
  const { heldBy } = instance;
  process.stdout.write(
    factsOf([
      ['instance', `${printable(instance.name)} (${instance.id})`],
      ['state', instance.state],
      ['where', `${instance.provider}, ${instance.region}/${instance.zone}, on ${instance.host}`],
      ['machine', `${instance.cpus} CPU, ${formatBytes(instance.memory)}, ${instance.firmware}`],
      ['system volume', instance.systemVolume],
      ['data volumes', instance.dataVolumes.join(', ') || 'none'],
      ...(heldBy === null ? [] : [['held', printable(heldBy.why)] as const]),
    ]),
  );
}
