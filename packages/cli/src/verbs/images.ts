import { insideOf } from '@diskferry/protocol';
import type { Schemas } from '@diskferry/protocol/client';
import type { Context } from '../context.ts';
import { answerOf, clientOf } from '../service/call.ts';
import type { ConnectionFlags } from '../service/connection.ts';
import { factsOf, printable, tableOf } from '../show/table.ts';
import { formatBytes } from '../units.ts';

type Flags = ConnectionFlags & { readonly json?: boolean };
type Image = Schemas['SeenImage'];

export async function listImages(
  flags: Flags & { text?: string; limit?: string; cursor?: string },
  { signal }: Context,
): Promise<void> {
  const client = await clientOf(flags, signal);
  const { text, limit, cursor } = flags;
  const query = {
    limit: limit === undefined ? 50 : Number(limit),
    ...(text === undefined ? {} : { text }),
    ...(cursor === undefined ? {} : { cursor }),
  };
  const page = await answerOf(client.GET('/api/v1/images', { params: { query } }));
  if (flags.json) return void process.stdout.write(`${JSON.stringify(page)}\n`);
  const rows = page.items.map((image) => [
    image.id,
    printable(image.link),
    sizeOf(image.virtualSize),
    printable(insideText(image)),
    `${image.blocks}/${image.warnings}`,
    new Date(image.seenAt).toISOString(),
  ]);
  const heading = ['ID', 'LINK', 'DISK', 'INSIDE', 'BLOCKS/WARNINGS', 'SEEN'];
  process.stdout.write(rows.length === 0 ? 'no images were seen\n' : tableOf(heading, rows, [2]));
  if (page.next !== null) process.stdout.write(`more: --cursor ${page.next}\n`);
}

export async function showImage(id: string, flags: Flags, { signal }: Context): Promise<void> {
  const client = await clientOf(flags, signal);
  const image = await answerOf(client.GET('/api/v1/images/{id}', { params: { path: { id } } }));
  if (flags.json) return void process.stdout.write(`${JSON.stringify(image)}\n`);
  const { guest } = image;
  const volumes = guest?.volumes.map(({ place, content, label, size }) => {
    const holds = [content ?? 'not recognised', label].filter(Boolean).join(' ');
    return [place, printable(`${holds}, ${formatBytes(size)}`)] as const;
  });
  process.stdout.write(
    factsOf([
      ['image', printable(image.link)],
      ['form', printable(image.layers.map(({ name }) => name).join(' › '))],
      ['file', sizeOf(image.fileSize)],
      ['disk', sizeOf(image.virtualSize)],
      ['inside', printable(insideText(image))],
      ...(volumes ?? []),
      ['checks', `${image.blocks} block, ${image.warnings} warn`],
      ['seen', `${new Date(image.seenAt).toISOString()} by ${printable(image.seenBy)}`],
      ...(image.migration === null ? [] : [['migration', image.migration] as const]),
    ]),
  );
}

export async function forgetImage(id: string, flags: Flags, { signal }: Context): Promise<void> {
  const client = await clientOf(flags, signal);
  await answerOf(client.DELETE('/api/v1/images/{id}', { params: { path: { id } } }));
  process.stdout.write(flags.json ? `${JSON.stringify({ forgotten: id })}\n` : `${id} is off the list\n`);
}

function sizeOf(size: number | null): string {
  return size === null ? 'not known' : formatBytes(size);
}

function insideText({ guest }: Image): string {
  return guest === null ? 'not looked into' : (insideOf(guest) ?? guest.nature);
}
