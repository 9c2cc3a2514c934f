import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTENT, isPart, QUICK } from '../../../testing/http-scene.ts';
import { collect } from '../../../testing/memory-bytes.ts';
import { startTestServer } from '../../../testing/test-server.ts';
import { openSource } from '../open-source.ts';

const HEAD = [
  'HTTP/1.1 206 Partial Content',
  'Content-Range: bytes 1000-1999/300000',
  'Content-Length: 1000',
  'ETag: "one"',
  'Last-Modified: Sun, 22 Nov 2026 19:51:00 GMT',
  'Content-Type: application/octet-stream',
  'Accept-Ranges: bytes',
  '',
  '',
].join('\r\n');

const BODY = Buffer.from(CONTENT.subarray(1000, 2000)).toString('latin1');

type Edit = { at: number; cut: number; put: string };

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(HEAD.length),
  cut: fc.integer({ min: 0, max: 12 }),
  put: fc.oneof(
    fc.string({ maxLength: 4 }),
    fc.constantFrom(
      '0',
      '9',
      '*',
      '-',
      '\r\n',
      '\r\n\r\n',
      ', 5',
      'Transfer-Encoding: chunked\r\n',
      'W/',
      '200',
      '416',
    ),
    fc.constantFrom(
      'Content-Length: 7\r\n',
      'Content-Encoding: gzip\r\n',
      'Location: http://10.0.0.1/\r\n',
      '18446744073709551616',
    ),
  ),
});

function spoiled(edits: readonly Edit[]): string {
  return edits.reduce((text, { at, cut, put }) => text.slice(0, at) + put + text.slice(at + cut), HEAD) + BODY;
}

describe('heads of answers, spoiled at random', () => {
  it('give the right bytes or an error with a name', async () => {
    await using server = await startTestServer();
    const link = server.serve('/d', { content: CONTENT, etag: '"one"' });
    // Every answer here ends by itself: time is not what is tested, and a busy machine takes its time.
    const timeouts = { headersMs: 10_000, idleMs: 10_000, windowMs: 20_000 };
    await using source = openSource(link, { ...QUICK, timeouts, retry: { attempts: 1, firstAttempts: 1 } });
    const expected = await source.identify();
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), async (edits) => {
        server.fault({ kind: 'raw', text: spoiled(edits), thenEnd: true });
        const range = { offset: 1000, length: 1000 };
        const reading = source.stream({ range, expect: expected }).then(collect);
        const outcome = await reading.catch((error: unknown) => error);
        // Where only the border between head and body moved, the bytes are others, and no client can tell.
        if (outcome instanceof Uint8Array && !movesTheBorder(edits)) isPart(outcome, 1000, 1000);
        if (outcome instanceof Error) expect(outcome).toMatchObject({ code: expect.stringMatching(/^source-/) });
      }),
      { numRuns: 300 },
    );
  });
});

function movesTheBorder(edits: readonly Edit[]): boolean {
  return (
    !spoiled(edits).includes(`\r\n\r\n${BODY}`) ||
    spoiled(edits).indexOf('\r\n\r\n') !== spoiled(edits).length - BODY.length - 4
  );
}
