import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('the example of the README lands its image and says so', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'example.ts')]);
  expect(stdout).toContain('gzip → tar (sample/disk.qcow2) → qcow2');
  expect(stdout).toContain('all of it read back and equal');
  expect(stdout.trimEnd()).toMatch(/Done: the image was landed, byte for byte\.$/);
});
