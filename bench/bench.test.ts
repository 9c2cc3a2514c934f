import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../packages/engine/testing/temp.ts';
import { hasTool } from '../packages/engine/testing/tools.ts';

const NEEDED = ['qemu-img', 'nginx', 'curl', 'time', 'gzip'];

describe.skipIf(!NEEDED.every(hasTool))(`the benchmark [needs ${NEEDED.join(', ')}]`, async () => {
  const folder = await tempFolder();

  it('makes its inputs, lands them with us and a peer, and writes table and JSON', async () => {
    const json = join(folder, 'report.json');
    const chosen = [
      '--small',
      '--disk',
      '64M',
      '--only',
      'zlib-http,rawgz-http',
      '--peers',
      'curl + qemu-img,gzip + dd',
    ];
    const { stdout } = await promisify(execFile)(process.execPath, [
      join(import.meta.dirname, 'bench.ts'),
      ...chosen,
      '--rounds',
      '1',
      '--work',
      folder,
      '--json',
      json,
    ]);
    expect(stdout).toMatch(/\| zlib-http +\| diskferry verified +\|/);
    const report = JSON.parse(await readFile(json, 'utf8')) as { cases: { name: string; bestPeer: string }[] };
    expect(report.cases.map(({ name, bestPeer }) => [name, bestPeer])).toEqual([
      ['zlib-http', 'curl + qemu-img'],
      ['rawgz-http', 'gzip + dd'],
    ]);
  });
});
