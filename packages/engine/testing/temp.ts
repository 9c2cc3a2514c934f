import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A folder that is removed after the test file. Call it inside a describe or at the top of the file. */
export async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'diskferry-test-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
