import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { collect } from '../../../testing/memory-bytes.ts';
import { seededBytes } from '../../../testing/seeded.ts';
import { tempFolder } from '../../../testing/temp.ts';
import { startTestServer } from '../../../testing/test-server.ts';
import { hasTool, run } from '../../../testing/tools.ts';
import { openSource } from '../open-source.ts';
import { rangedBytes } from '../ranged-bytes.ts';

const CONTENT = seededBytes(21, 6_000_000);

describe.skipIf(!hasTool('openssl'))('bodies over TLS [needs openssl]', async () => {
  const folder = await tempFolder();
  const [keyFile, certFile] = [join(folder, 'key'), join(folder, 'crt')];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=t'];
  const names = ['-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  await run('openssl', ['req', ...kind, ...names, '-keyout', keyFile, '-out', certFile], folder);
  const tls = { key: await readFile(keyFile, 'latin1'), cert: await readFile(certFile, 'latin1') };

  async function serve(play: (source: ReturnType<typeof openSource>, connections: () => number) => Promise<void>) {
    await using server = await startTestServer({ tls });
    const link = server.serve('/d', { content: CONTENT, etag: '"e"' });
    // A name with several addresses, of which only one answers.
    await using source = openSource(link.replace('127.0.0.1', 'localhost'), {
      ca: tls.cert,
      resolve: async () => [
        { address: '::1', family: 6 },
        { address: '127.0.0.1', family: 4 },
      ],
    });
    await play(source, () => server.connections);
  }

  it('are what was sent, whether the reader is quick or slow', async () => {
    await serve(async (source) => {
      const identity = await source.identify();
      expect(Buffer.compare(await collect(await source.stream({ expect: identity })), CONTENT)).toBe(0);
      let at = 0;
      for await (const chunk of await source.stream({ expect: identity })) {
        // Records that arrive while a chunk is looked at must not get into it.
        if (at % 5 === 0) await sleep(1);
        expect(Buffer.compare(chunk, CONTENT.subarray(at, at + chunk.length))).toBe(0);
        at += chunk.length;
      }
      expect(at).toBe(CONTENT.length);
    });
  });

  it('come by ranges into shared memory, and connections are used again', async () => {
    await serve(async (source, connections) => {
      await using bytes = rangedBytes(source, await source.identify());
      const into = new Uint8Array(new SharedArrayBuffer(1_000_000));
      for (let turn = 0; turn < 5; turn++) {
        const parts = [0, 1, 2].map((part) => into.subarray(part * 300_000, (part + 1) * 300_000));
        await Promise.all(parts.map((part, index) => bytes.read(turn * 1_000_000 + index * 300_000, part)));
        expect(Buffer.compare(into.subarray(0, 900_000), CONTENT.subarray(turn * 1_000_000).subarray(0, 900_000))).toBe(
          0,
        );
      }
      expect(connections()).toBeLessThanOrEqual(3);
    });
  });
});
