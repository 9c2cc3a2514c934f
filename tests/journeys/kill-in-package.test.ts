import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tempFolder } from '../../packages/engine/testing/temp.ts';
import { startTestServer, type TestServer } from '../../packages/engine/testing/test-server.ts';
import { hasTool } from '../../packages/engine/testing/tools.ts';
import { begin, diskferry, reportOf } from '../parts/command.ts';
import { LONG_DISK, LONG_PACKAGES } from '../parts/long-packages.ts';
import { expectSameBytes } from '../parts/same-bytes.ts';

const MiB = 1024 * 1024;
/** Far enough that a copy that began again would read more than it may. */
const KILLED_AT = 140 * MiB;
/** What may be read again, with what opening takes: the head of the package, more than once. */
const AGAIN = 64 * MiB;
/** A network's pace, so that the kill comes in the middle. */
const PACE = ['--bandwidth', '64M'];

describe('a copy out of a long package that is killed', async () => {
  const folder = await tempFolder();
  const oracle = join(folder, 'oracle.raw');
  let server: TestServer;

  beforeAll(async () => {
    await writeFile(oracle, LONG_DISK);
    server = await startTestServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  for (const [name, { tool, make }] of Object.entries(LONG_PACKAGES)) {
    const title = `goes on inside ${name}: the server sends at most 64 MiB of it again`;
    it.skipIf(tool !== undefined && !hasTool(tool))(tool ? `${title} [needs ${tool}]` : title, async () => {
      const file = join(folder, name);
      const packed = await make();
      await writeFile(file, packed);
      const url = server.serve(`/${name}`, { content: { file }, etag: `"${name}"` });
      const target = `${file}.landed`;
      const command = ['copy', url, target, '--create', '--json', ...PACE];
      const before = server.sent;
      const running = begin(command);
      await until(() => server.sent - before >= KILLED_AT);
      running.kill('SIGKILL');
      expect((await running.finished).signal).toBe('SIGKILL');
      const report = reportOf(await diskferry(command));
      await expectSameBytes(target, oracle);
      expect(report.resumedBytes).toBeGreaterThan(0);
      const again = server.sent - before - packed.length;
      console.log(`${name}: ${(again / MiB).toFixed(1)} MiB of ${(packed.length / MiB).toFixed(1)} MiB sent again`);
      expect(again).toBeLessThanOrEqual(AGAIN);
      await Promise.all([rm(file), rm(target)]);
    });
  }
});

async function until(isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 60_000; !isSo(); await sleep(5)) {
    if (Date.now() > end) throw new Error('it did not come so far within a minute');
  }
}
