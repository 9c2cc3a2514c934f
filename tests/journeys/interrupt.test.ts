import { link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startNginx, type Nginx } from '../../packages/engine/testing/nginx.ts';
import { tempFolder } from '../../packages/engine/testing/temp.ts';
import { hasTool } from '../../packages/engine/testing/tools.ts';
import { QCOW2, RAW_GZ } from '../parts/catalogue.ts';
import { begin, diskferry, reportOf } from '../parts/command.ts';
import { expectSameBytes } from '../parts/same-bytes.ts';
import { sampleDisk } from '../parts/sample-disk.ts';
import { hasToolsOf, toolsOf } from '../parts/wrappings.ts';

const SLOW = ['--bandwidth', '8M', '--commit-every', '2M'];

describe.skipIf(!hasTool('nginx'))('a copy that is stopped [needs nginx]', async () => {
  const folder = await tempFolder();
  const oracle = join(folder, 'disk.raw');
  let nginx: Nginx;

  beforeAll(async () => {
    await writeFile(oracle, sampleDisk());
    for (const wrapping of [QCOW2, RAW_GZ].filter(hasToolsOf)) await wrapping.make(folder);
    nginx = await startNginx(folder);
  });
  afterAll(() => nginx[Symbol.asyncDispose]());

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    for (const wrapping of [QCOW2, RAW_GZ]) {
      const title = `by ${signal} keeps its checkpoint, and the next one of ${wrapping.title} goes on from there`;
      it.skipIf(!hasToolsOf(wrapping))(`${title}${toolsOf(wrapping)}`, async () => {
        const target = join(folder, `${wrapping.name}.${signal}`);
        const command = ['copy', `${nginx.origin}/${wrapping.name}`, target, '--create', '--json'];
        const running = begin([...command, ...SLOW]);
        await untilRecorded(`${target}.diskferry`, 3);
        running.kill(signal);
        const stopped = await running.finished;
        expect(stopped.code).toBe(130);
        expect(stopped.stdout).toBe('');
        expect(JSON.parse(stopped.stderr)).toMatchObject({ error: { code: 'interrupted', retry: 'now' } });
        const { size } = await stat(`${target}.diskferry`);
        expect(size).toBeGreaterThan(0);
        const report = reportOf(await diskferry(command));
        expect(report.resumedBytes).toBeGreaterThan(0);
        await expectSameBytes(target, oracle);
        expect(await isThere(`${target}.diskferry`)).toBe(false);
      });
    }
  }

  for (const wrapping of [QCOW2, RAW_GZ]) {
    const title = `between its last byte and the end of its checkpoint is completed by the next one, ${wrapping.title}`;
    it.skipIf(!hasToolsOf(wrapping))(`${title}${toolsOf(wrapping)}`, async () => {
      const target = join(folder, `${wrapping.name}.end`);
      const checkpoint = `${target}.diskferry`;
      const command = ['copy', `${nginx.origin}/${wrapping.name}`, target, '--create', '--json'];
      const running = begin([...command, ...SLOW]);
      await untilRecorded(checkpoint, 1);
      // A second name keeps the checkpoint as it is when the copy forgets it.
      await link(checkpoint, `${target}.kept`);
      const first = reportOf(await running.finished);
      await rename(`${target}.kept`, checkpoint);
      const second = reportOf(await diskferry(command));
      expect(second.digest).toBe(first.digest);
      expect(second.bytesWritten).toBe(0);
      await expectSameBytes(target, oracle);
      expect(await isThere(checkpoint)).toBe(false);
      await rm(target);
    });
  }
});

/** Until the checkpoint has its head and this many records. */
async function untilRecorded(path: string, records: number): Promise<void> {
  for (const until = Date.now() + 30_000; Date.now() < until; await sleep(10)) {
    const text = await readFile(path, 'latin1').catch(() => '');
    if (text.split('\n').length - 2 >= records) return;
  }
  throw new Error(`${path} has no ${records} records`);
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
