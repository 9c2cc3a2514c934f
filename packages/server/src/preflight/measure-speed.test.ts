import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../testing/served.ts';
import { withBudget } from './budget.ts';
import { BOUNDS, Inquiry } from './inquiry.ts';
import { measureSpeed } from './measure-speed.ts';

const CONTENT = new Uint8Array(5_000_000);
const bounds = { ...BOUNDS, speedBytes: 400_000 };

describe('the speed of a source', () => {
  it.each([true, false])(
    'is measured over a little of it (by ranges: %s), and what is read is closed',
    async (ranged) => {
      const source = new MemorySource('disk.img', CONTENT, { ranged });
      using inquiry = new Inquiry(undefined, 5000);
      // A budget just above: whoever reads on meets its end.
      const speed = await measureSpeed(withBudget(source, 600_000), await source.identify(), inquiry, bounds);
      expect(speed).toMatchObject({ basis: 'now' });
      expect(speed?.rate).toBeGreaterThan(0);
      expect(source.open).toBe(0);
    },
  );

  it('is not known of an empty object, nor of one that cannot be read', async () => {
    const empty = new MemorySource('disk.img', new Uint8Array(0));
    using inquiry = new Inquiry(undefined, 5000);
    expect(await measureSpeed(empty, await empty.identify(), inquiry, bounds)).toBeUndefined();
    const full = new MemorySource('disk.img', CONTENT);
    expect(await measureSpeed(withBudget(full, 10), await full.identify(), inquiry, bounds)).toBeUndefined();
  });
});
