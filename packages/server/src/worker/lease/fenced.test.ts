import { randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { openTarget } from '@diskferry/engine';
import { describe, expect, it } from 'vitest';
import { faultyTarget, MemoryCheckpoint } from '../../../testing/disks.ts';
import { MiB } from '../../../testing/local-cloud.ts';
import { localFolder } from '../../../testing/local-scene.ts';
import { FencedCheckpoint } from './fenced-checkpoint.ts';
import { FencedTarget } from './fenced-target.ts';
import { LeaseLost } from './lease-lost.ts';

const folder = await localFolder();

async function scene() {
  const path = join(folder, randomUUID());
  await using file = await open(path, 'w');
  await file.writeFile(Buffer.alloc(2 * MiB, 7));
  const counted = faultyTarget(await openTarget({ kind: 'path', path }), []);
  const held = { isHeld: true, requireHeld: () => expectHeld(held.isHeld) };
  return { counted, held, target: new FencedTarget(counted, held) };
}

function expectHeld(isHeld: boolean): void {
  if (!isHeld) throw new LeaseLost('m-1', 'scripted');
}

describe('FencedTarget', () => {
  it('passes everything on while the lease is held', async () => {
    const { target, counted } = await scene();
    await using _ = target;
    await target.write(0, new Uint8Array(4096).fill(1));
    await target.zero({ offset: 4096, length: 4096 }, { mayPunch: true });
    await target.flush();
    expect(counted.calls.map(({ verb }) => verb)).toEqual(['write', 'zero', 'flush']);
    const back = new Uint8Array(3);
    await target.readBack?.read(4095, back);
    expect([...back]).toEqual([1, 0, 0]);
  });

  it('lets nothing through once it is not: not a write, not a zero, not a flush', async () => {
    const { target, counted, held } = await scene();
    await using _ = target;
    held.isHeld = false;
    await expect(target.write(0, new Uint8Array(4096))).rejects.toThrow(LeaseLost);
    await expect(target.zero({ offset: 0, length: 4096 }, { mayPunch: true })).rejects.toThrow(LeaseLost);
    await expect(target.flush()).rejects.toThrow(LeaseLost);
    await expect(target.clear()).rejects.toThrow(LeaseLost);
    expect(counted.calls).toEqual([]);
    const back = new Uint8Array(1);
    await target.readBack?.read(0, back);
    expect(back[0]).toBe(7);
  });
});

it('FencedCheckpoint commits while the lease is held, and then no more', async () => {
  const inner = new MemoryCheckpoint({ startedZeroed: true });
  const held = { isHeld: true, requireHeld: () => expectHeld(held.isHeld) };
  let told = 0;
  const checkpoint = new FencedCheckpoint(inner, held, () => told++);
  await checkpoint.commit({ segments: [{ index: 0, digest: undefined }], zeroed: [] });
  held.isHeld = false;
  await expect(checkpoint.commit({ segments: [], zeroed: [] })).rejects.toThrow(LeaseLost);
  expect([inner.kept.length, told, checkpoint.start.startedZeroed]).toEqual([1, 1, true]);
});
