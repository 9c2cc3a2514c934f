import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestServer } from '../packages/engine/testing/test-server.ts';
import { makeSample } from './example/sample-image.ts';

/**
 * `npm run example`: makes a small image, serves it on the loopback, and lands it on a file with the real command. Needs
 * nothing but Node. What it leaves out: a bootable guest, and a disk of real size.
 */
const COMMAND = join(import.meta.dirname, '..', 'packages', 'cli', 'bin', 'diskferry.js');

const folder = await mkdtemp(join(tmpdir(), 'diskferry-example-'));
try {
  await using server = await startTestServer();
  const sample = makeSample();
  const link = server.serve('/disk.qcow2.tar.gz', { content: sample.packed, etag: '"sample"' });
  const target = join(folder, 'disk.raw');
  console.log(`A made-up disk of ${sample.virtualSize} bytes lies as qcow2 in a .tar.gz of ${sample.packed.length}.`);
  await diskferry('inspect', link);
  await diskferry('copy', link, target, '--create', '--verify', 'full');
  await diskferry('verify', link, target);
  const { size, blocks } = await stat(target);
  console.log(`\nThe file has ${size} bytes and takes ${blocks * 512} of them on the disk.`);
  requireSame(await sha256Of(target), sample.sha256);
  console.log(`Its sha256 is the one of the disk that was made: ${sample.sha256}`);
  console.log('Done: the image was landed, byte for byte.');
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function diskferry(...args: readonly string[]): Promise<void> {
  console.log(`\n$ npx diskferry ${args.join(' ')}`);
  const child = spawn(process.execPath, [COMMAND, ...args], { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`diskferry ${args[0]} ended with ${code}`);
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function requireSame(found: string, expected: string): void {
  if (found !== expected) throw new Error(`the file has the sha256 ${found}; the disk has ${expected}`);
}
