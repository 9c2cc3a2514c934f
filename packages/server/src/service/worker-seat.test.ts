import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../../../engine/testing/temp.ts';
import { DataFolder } from './data-folder.ts';
import { takeSeat } from './worker-seat.ts';

async function stage() {
  const folder = await DataFolder.make(await mkdtemp(join(await tempFolder(), 'seat-')));
  const released: string[] = [];
  const releaseAllOf = async (worker: string) => released.push(worker);
  return { folder, released, take: (worker: string) => takeSeat(folder, worker, { releaseAllOf }) };
}

it('gives back what the worker before it held, and nothing where there was none', async () => {
  const { released, take } = await stage();
  await (await take('w-1'))[Symbol.asyncDispose]();
  expect(released).toEqual([]);
  await using seat = await take('w-2');
  expect(released).toEqual(['w-1']);
  expect(seat.released).toBe(1);
});

it('is for one worker at a time, and never gives back what a living one holds', async () => {
  const { released, take } = await stage();
  const first = await take('w-1');
  await expect(take('w-2')).rejects.toMatchObject({ code: 'configuration-invalid' });
  expect(released).toEqual([]);
  await first[Symbol.asyncDispose]();
  await (await take('w-2'))[Symbol.asyncDispose]();
  expect(released).toEqual(['w-1']);
});

it('gives back nothing in a folder that is a copy of another: whom it names may live there', async () => {
  const { folder, released, take } = await stage();
  await using _living = await take('w-1');
  const copied = `${folder.root}-copy`;
  await cp(folder.root, copied, { recursive: true });
  const releaseAllOf = async (worker: string) => released.push(worker);
  await using seat = await takeSeat(await DataFolder.make(copied), 'w-2', { releaseAllOf });
  expect(seat.released).toBe(0);
  expect(released).toEqual([]);
});

it('gives back nothing after another start of the machine, nor of a machine that shares the folder', async () => {
  const { folder, released, take } = await stage();
  await (await take('w-1'))[Symbol.asyncDispose]();
  const said = await readFile(folder.workerId, 'utf8');
  await writeFile(folder.workerId, said.replace(/[0-9a-f-]{36}/, '00000000-0000-0000-0000-000000000000'));
  await using seat = await take('w-2');
  expect(seat.released).toBe(0);
  expect(released).toEqual([]);
});
