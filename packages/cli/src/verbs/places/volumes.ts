import { randomUUID } from 'node:crypto';
import type { Schemas } from '@diskferry/protocol/client';
import type { Context } from '../../context.ts';
import { answerOf, clientOf } from '../../service/call.ts';
import type { ConnectionFlags } from '../../service/connection.ts';
import { factsOf, printable, tableOf } from '../../show/table.ts';
import { formatBytes, parseBytes } from '../../units.ts';
import { placeOf, type PlaceFlags } from './place.ts';

type Flags = ConnectionFlags & { readonly json?: boolean };

export async function listVolumes(flags: Flags & { text?: string }, { signal }: Context): Promise<void> {
  const client = await clientOf(flags, signal);
  const query = { limit: 500, ...(flags.text === undefined ? {} : { text: flags.text }) };
  const { items } = await answerOf(client.GET('/api/v1/volumes', { params: { query } }));
  if (flags.json) return void process.stdout.write(`${JSON.stringify(items)}\n`);
  const rows = items.map((volume) => [
    volume.id,
    printable(volume.name),
    `${volume.region}/${volume.zone}`,
    formatBytes(volume.size),
    volume.role,
    volume.attachment?.instance ?? volume.state,
    printable(volume.notATarget?.reason ?? ''),
  ]);
  const heading = ['ID', 'NAME', 'ZONE', 'SIZE', 'ROLE', 'ATTACHED TO', 'NOT A TARGET NOW'];
  process.stdout.write(rows.length === 0 ? 'no volumes\n' : tableOf(heading, rows, [3]));
}

export async function showVolume(id: string, flags: Flags, { signal }: Context): Promise<void> {
  const client = await clientOf(flags, signal);
  show(await answerOf(client.GET('/api/v1/volumes/{id}', { params: { path: { id } } })), flags);
}

type CreateVolumeFlags = Flags & PlaceFlags & { readonly size: string };

export async function createVolume(name: string, flags: CreateVolumeFlags, { signal }: Context): Promise<void> {
  const client = await clientOf(flags, signal);
  const body = { name, ...(await placeOf(client, flags)), size: parseBytes(flags.size, '--size') };
  const params = { header: { 'Idempotency-Key': randomUUID() } };
  show(await answerOf(client.POST('/api/v1/volumes', { params, body })), flags);
}

export async function growVolume(id: string, size: string, flags: Flags, { signal }: Context): Promise<void> {
  const client = await clientOf(flags, signal);
  const body = { size: parseBytes(size, 'the size') };
  show(await answerOf(client.POST('/api/v1/volumes/{id}/actions/grow', { params: { path: { id } }, body })), flags);
}

export async function attachVolume(id: string, instance: string, flags: Flags, { signal }: Context): Promise<void> {
  const client = await clientOf(flags, signal);
  const body = { instance };
  show(await answerOf(client.POST('/api/v1/volumes/{id}/actions/attach', { params: { path: { id } }, body })), flags);
}

export async function detachVolume(id: string, flags: Flags, { signal }: Context): Promise<void> {
  const client = await clientOf(flags, signal);
  show(await answerOf(client.POST('/api/v1/volumes/{id}/actions/detach', { params: { path: { id } } })), flags);
}

export async function deleteVolume(id: string, flags: Flags, { signal }: Context): Promise<void> {
  const client = await clientOf(flags, signal);
  await answerOf(client.DELETE('/api/v1/volumes/{id}', { params: { path: { id } } }));
  process.stdout.write(flags.json ? `${JSON.stringify({ deleted: id })}\n` : `${id} is deleted\n`);
}

function show(volume: Schemas['Volume'], { json }: Flags): void {
  if (json) return void process.stdout.write(`${JSON.stringify(volume)}\n`);
  const { attachment, device, heldBy, notATarget } = volume;
  process.stdout.write(
    factsOf([
      ['volume', `${printable(volume.name)} (${volume.id})`],
      ['size', `${formatBytes(volume.size)} (${volume.size} bytes)`],
      ['where', `${volume.provider}, ${volume.region}/${volume.zone}, on ${volume.host}`],
      ...(device === null ? [] : [['device', printable(`${device.path} (${device.name})`)] as const]),
      ['state', attachment === null ? volume.state : `${volume.role} volume of ${attachment.instance}`],
      ...(heldBy === null ? [] : [['held', printable(heldBy.why)] as const]),
      ...(notATarget === null ? [] : [['not a target', printable(notATarget.reason)] as const]),
    ]),
  );
}
