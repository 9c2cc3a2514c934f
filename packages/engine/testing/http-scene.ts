import { expect } from 'vitest';
import { openSource, type OpenOptions } from '../src/source/open-source.ts';
import type { Identified, Source } from '../src/source/source.ts';
import { collect } from './memory-bytes.ts';
import { seededBytes } from './seeded.ts';
import type { ServedObject } from './served-object.ts';
import type { Fault } from './server-faults.ts';
import { startTestServer, type TestServer } from './test-server.ts';

export const CONTENT = seededBytes(5, 300_000);
export const QUICK = {
  retry: { baseMs: 1, capMs: 5, attempts: 4, firstAttempts: 3 },
  timeouts: { connectMs: 1000, headersMs: 250, idleMs: 250, windowMs: 400, minimumRate: 1000 },
};

export interface Scene {
  readonly server: TestServer;
  readonly object: ServedObject;
  readonly source: Source;
  readonly identity: Identified;
}

/** A good object that was identified; what the server does from now on is up to the test. */
export async function scene(
  play: (scene: Scene) => Promise<void>,
  object: Partial<ServedObject> = {},
  options: OpenOptions = {},
) {
  await using server = await startTestServer();
  const served: ServedObject = { content: CONTENT, etag: '"one"', ...object };
  await using source = openSource(server.serve('/disk.img', served), { ...QUICK, ...options });
  await play({ server, object: served, source, identity: await source.identify() });
}

export function part({ source, identity }: Scene, offset = 1000, length = 100_000): Promise<Uint8Array> {
  return source.stream({ range: { offset, length }, expect: identity }).then(collect);
}

export function isPart(got: Uint8Array, offset = 1000, length = 100_000): void {
  expect(Buffer.compare(got, CONTENT.subarray(offset, offset + length))).toBe(0);
}

export async function meets(fault: Fault, outcome: { code: string }, times = 100): Promise<void> {
  await scene(async (s) => {
    s.server.fault(fault, { times });
    await expect(part(s)).rejects.toMatchObject(outcome);
  });
}
