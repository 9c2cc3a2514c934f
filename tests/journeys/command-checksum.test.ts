import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import { startNginx, type Nginx } from '../../packages/engine/testing/nginx.ts';
import { tempFolder } from '../../packages/engine/testing/temp.ts';
import { hasTool } from '../../packages/engine/testing/tools.ts';
import { startDigest } from '../../packages/engine/src/source/checksum.ts';
import { QCOW2, RAW_GZ, STREAM } from '../parts/catalogue.ts';
import { diskferry, reportOf } from '../parts/command.ts';
import { fails } from '../parts/failure.ts';
import { expectSameBytes } from '../parts/same-bytes.ts';
import { sampleDisk } from '../parts/sample-disk.ts';
import { hasToolsOf, toolsOf } from '../parts/wrappings.ts';

const ALGORITHMS = ['md5', 'sha256', 'crc64ecma'] as const;

describe.skipIf(!hasTool('nginx'))('--checksum of the object as it lies there [needs nginx]', async () => {
  const folder = await tempFolder();
  const raw = join(folder, 'disk.raw');
  let nginx: Nginx;

  beforeAll(async () => {
    await writeFile(raw, sampleDisk(9));
    for (const wrapping of [QCOW2, RAW_GZ, STREAM].filter(hasToolsOf)) await wrapping.make(folder);
    nginx = await startNginx(folder);
  });
  afterAll(() => nginx[Symbol.asyncDispose]());

  for (const wrapping of [QCOW2, RAW_GZ, STREAM]) {
    for (const algorithm of ALGORITHMS) {
      const title = `${algorithm} of ${wrapping.title}: right is done, wrong is never done${toolsOf(wrapping)}`;
      it.skipIf(!hasToolsOf(wrapping))(title, async () => {
        const target = join(folder, `${wrapping.name}.${algorithm}`);
        const command = ['copy', `${nginx.origin}/${wrapping.name}`, target, '--create', '--json', '--checksum'];
        const right = await digestOf(algorithm, join(folder, wrapping.name));
        const wrong = right.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
        const error = await fails([...command, `${algorithm}:${wrong}`], 1);
        expect(error.code).toBe('source-checksum');
        expect(error.message).toContain(right);
        reportOf(await diskferry([...command, `${algorithm}:${right}`, '--fresh']));
        await expectSameBytes(target, raw);
      });
    }
  }
});

async function digestOf(algorithm: (typeof ALGORITHMS)[number], path: string): Promise<string> {
  const content = await readFile(path);
  if (algorithm !== 'crc64ecma') return createHash(algorithm).update(content).digest('hex');
  const digest = await startDigest(algorithm);
  digest.update(content);
  return digest.hex();
}
