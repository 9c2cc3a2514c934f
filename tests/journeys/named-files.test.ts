import { createServer } from 'node:net';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tempFolder } from '../../packages/engine/testing/temp.ts';
import { hasTool, run, toolPath } from '../../packages/engine/testing/tools.ts';

/**
 * No name inside an image is ever opened and no address is ever connected to. The real process is watched from outside:
 * every file it opens and every connection it makes is in the trace.
 */
const CANARY_FILE = '/etc/hostname';

describe.skipIf(!hasTool('strace') || !hasTool('qemu-img'))(
  'images that name things [needs strace, qemu-img]',
  async () => {
    const folder = await tempFolder();
    const server = createServer();
    let connections = 0;
    let port = 0;
    beforeAll(async () => {
      server.on('connection', (socket) => {
        connections += 1;
        socket.destroy();
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      port = (server.address() as { port: number }).port;
    });
    afterAll(() => server.close());

    const names = (): Record<string, string> => ({ file: CANARY_FILE, address: `http://127.0.0.1:${port}/x` });

    for (const kind of ['file', 'address'] as const) {
      it(`opens no backing ${kind} of a qcow2`, async () => {
        const path = join(folder, `backing-${kind}.qcow2`);
        await run('qemu-img', ['create', '-f', 'qcow2', '-u', '-F', 'raw', '-b', names()[kind] as string, path, '1M']);
        await expectUntouched(path, 'image-backing-file');
      });

      it(`opens no ${kind} that a VMDK descriptor lists`, async () => {
        const path = join(folder, `listed-${kind}.vmdk`);
        await writeFile(path, descriptor(`RW 2048 FLAT "${names()[kind]}" 0`));
        await expectUntouched(path, 'image-extent-missing');
      });

      it(`opens no ${kind} that a VMDK names as its parent`, async () => {
        const path = join(folder, `parent-${kind}.vmdk`);
        await writeFile(path, descriptor(`RW 2048 ZERO\nparentFileNameHint="${names()[kind]}"`));
        await expectUntouched(path, 'image-parent');
      });
    }

    it('opens no external data file of a qcow2', async () => {
      const path = join(folder, 'external.qcow2');
      const data = join(folder, 'external.data');
      await run('qemu-img', ['create', '-f', 'qcow2', '-o', `data_file=${data}`, path, '1M']);
      const image = await readFile(path);
      const at = image.indexOf(data);
      image.fill(0, at, at + data.length);
      image.write(CANARY_FILE, at);
      await writeFile(path, image);
      await expectUntouched(path, 'image-external-data');
    });

    async function expectUntouched(path: string, code: string): Promise<void> {
      const trace = join(folder, 'trace');
      for (const verb of [
        ['inspect', path],
        ['copy', path, join(folder, 'out'), '--create'],
      ]) {
        const said = await traced(trace, [...verb, '--json']);
        expect(said, `${verb[0]} of ${path}`).toContain(`"code":"${code}"`);
        const calls = await readFile(trace, 'utf8');
        expect(calls).toContain(path);
        expect(calls).not.toContain(`"${CANARY_FILE}"`);
        expect(calls).not.toMatch(/connect\(.*AF_INET/);
      }
      expect(connections).toBe(0);
    }
  },
);

async function traced(trace: string, args: readonly string[]): Promise<string> {
  const command = [process.execPath, 'packages/cli/bin/diskferry.js', ...args];
  const watched = ['-f', '-qq', '-s', '4096', '-e', 'trace=open,openat,connect', '-o', trace];
  const failed = await run(toolPath('strace') as string, [...watched, ...command]).then(
    () => undefined,
    (error: unknown) => error,
  );
  return (failed as { stderr?: string } | undefined)?.stderr ?? '';
}

function descriptor(lines: string): string {
  return `# Disk DescriptorFile\nversion=1\nCID=fffffffe\nparentCID=ffffffff\ncreateType="monolithicFlat"\n${lines}\n`;
}
