import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startNginx, type Nginx } from '../../packages/engine/testing/nginx.ts';
import { tempFolder } from '../../packages/engine/testing/temp.ts';
import { hasTool } from '../../packages/engine/testing/tools.ts';
import { EVERY_WRAPPING } from '../parts/catalogue.ts';
import { diskferry, reportOf } from '../parts/command.ts';
import { expectSameBytes, sha256Of } from '../parts/same-bytes.ts';
import { SAMPLE_SIZE, sampleDisk } from '../parts/sample-disk.ts';
import { hasToolsOf, toolsOf } from '../parts/wrappings.ts';

describe.skipIf(!hasTool('nginx'))('an image that a real web server has [needs nginx]', async () => {
  const folder = await tempFolder();
  let nginx: Nginx;
  /** Of the disk, from every run: there must be only one. */
  const digests = new Set<string>();

  beforeAll(async () => {
    await writeFile(join(folder, 'disk.raw'), sampleDisk());
    nginx = await startNginx(folder);
  });
  afterAll(() => nginx[Symbol.asyncDispose]());

  for (const wrapping of EVERY_WRAPPING) {
    it.skipIf(!hasToolsOf(wrapping))(
      `lands ${wrapping.title} with the bytes that its own tools give${toolsOf(wrapping)}`,
      async () => {
        await wrapping.make(folder);
        const target = join(folder, `${wrapping.name}.landed`);
        const url = `${nginx.origin}/${wrapping.name}`;
        const report = reportOf(await diskferry(['copy', url, target, '--create', '--json', '--sha256']));
        const oracle = await wrapping.unwrap(folder);
        await expectSameBytes(target, oracle);
        expect(report.sha256).toBe(await sha256Of(oracle));
        expect(report.virtualSize).toBe(SAMPLE_SIZE);
        expect(report.format).toBe(wrapping.format);
        expect(report.layers.filter(({ kind }) => kind === 'package').map(({ name }) => name)).toEqual(
          wrapping.packages,
        );
        digests.add(report.digest);
        expect(digests.size, 'digests of the one disk').toBe(1);
        await rm(target);
      },
    );
  }
});
