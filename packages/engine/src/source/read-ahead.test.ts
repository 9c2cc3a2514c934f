import { describe, expect, it } from 'vitest';
import { collect } from '../../testing/memory-bytes.ts';
import { MemorySource } from '../../testing/memory-source.ts';
import { seededBytes } from '../../testing/seeded.ts';
import { withReadAhead } from './read-ahead.ts';
import type { Source } from './source.ts';

const CONTENT = seededBytes(5, 1_300_007);
const HOW = { connections: 4, request: 300_000 };

describe('withReadAhead()', () => {
  it('gives the same bytes in the same order, out of several ranges', async () => {
    const inner = new MemorySource('disk', CONTENT);
    const source = withReadAhead(inner, HOW);
    const expect_ = await source.identify();
    expect(Buffer.compare(await collect(await source.stream({ expect: expect_ })), CONTENT)).toBe(0);
    expect(inner.streams, 'streams of the whole').toBe(0);
    const part = { offset: 77, length: 1_000_000 };
    const found = await collect(await source.stream({ expect: expect_, range: part }));
    expect(Buffer.compare(found, CONTENT.subarray(77, 1_000_077))).toBe(0);
  });

  it('streams as before where there are no ranges', async () => {
    const inner = new MemorySource('disk', CONTENT, { ranged: false });
    const source = withReadAhead(inner, HOW);
    const found = await collect(await source.stream({ expect: await source.identify() }));
    expect(Buffer.compare(found, CONTENT)).toBe(0);
    expect(inner.streams).toBe(1);
  });

  it('closes everything when its reader stops early', async () => {
    const inner = new MemorySource('disk', CONTENT);
    const source = withReadAhead(inner, HOW);
    for await (const chunk of await source.stream({ expect: await source.identify() })) {
      expect(chunk.length).toBe(131_072);
      expect(inner.open, 'requests for a head').toBeLessThanOrEqual(1);
      break;
    }
    expect(inner.open).toBe(0);
  });

  it('fails where a range fails, in its turn, and leaves nothing unhandled', async () => {
    const inner = new MemorySource('disk', CONTENT);
    const failing: Source = {
      label: inner.label,
      name: inner.name,
      identify: () => inner.identify(),
      stream: async (ask) => {
        if ((ask.range?.offset ?? 0) >= 600_000) throw new Error('broken');
        return inner.stream(ask);
      },
      [Symbol.asyncDispose]: async () => {},
    };
    const source = withReadAhead(failing, HOW);
    let got = 0;
    const reading = (async () => {
      for await (const chunk of await source.stream({ expect: await source.identify() })) got += chunk.length;
    })();
    await expect(reading).rejects.toThrow('broken');
    expect(got).toBe(731_072);
    expect(inner.open).toBe(0);
  });
});
