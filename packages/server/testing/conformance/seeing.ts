import { describe, expect, it } from 'vitest';
import { MOST_IMAGES, type Sight } from '../../src/images/seen-image.ts';
import { expectRefused, onStage, type MakeDatabase } from './scene.ts';

function sight(name: string, seenAt: number, changes: Partial<Sight> = {}): Sight {
  return {
    link: `https://images.example/${name}`,
    layers: [{ kind: 'image', name: 'qcow2' }],
    fileSize: 10,
    virtualSize: 20,
    reading: 'by ranges',
    guest: null,
    blocks: 0,
    warnings: 1,
    seenAt,
    seenBy: 'ann',
    migration: null,
    ...changes,
  };
}

export function seeing(make: MakeDatabase): void {
  describe('images that were seen', () => {
    it('are listed the newest first, page by page, and found by a part of the link', () =>
      onStage(make, async ({ stores: { images } }) => {
        await images.saw([sight('a.qcow2', 1), sight('B_100%.raw', 2), sight('c.qcow2', 2)]);
        const names = async (ask: object) => {
          const page = await images.list({ limit: 9, ...ask });
          return page.images.map(({ link }) => link.replace('https://images.example/', ''));
        };
        expect((await names({})).at(-1)).toBe('a.qcow2');
        const first = await images.list({ limit: 2 });
        const second = await images.list({ limit: 2, cursor: first.next ?? '' });
        expect(new Set([...first.images, ...second.images].map(({ link }) => link)).size).toBe(3);
        expect(second.next).toBeUndefined();
        expect(await names({ text: 'b_100%' })).toEqual(['B_100%.raw']);
        expect(await names({ text: '_qcow2' })).toEqual([]);
        await expectRefused(images.list({ limit: 0 }), 'invalid-request');
        await expectRefused(images.list({ limit: 1, cursor: 'x' }), 'invalid-cursor');
        await expectRefused(images.list({ limit: 1, text: '\0' }), 'invalid-request');
      }));

    it('are one for each link, as they were found the last time', () =>
      onStage(make, async ({ stores: { images }, anotherStores }) => {
        await images.saw([sight('a', 1, { migration: 'm-1' })]);
        const other = (await anotherStores()).images;
        await Promise.all([images.saw([sight('a', 5, { warnings: 7 })]), other.saw([sight('a', 5, { warnings: 7 })])]);
        const [found, ...more] = (await images.list({ limit: 9 })).images;
        expect(more).toEqual([]);
        expect(found).toMatchObject({ firstSeenAt: 1, seenAt: 5, warnings: 7, migration: 'm-1' });
        expect(await other.read(found?.id ?? '')).toEqual(found);
      }));

    it('are forgotten when somebody says so, and the oldest when there are too many', () =>
      onStage(make, async ({ stores: { images } }) => {
        await images.saw([sight('a', 1), sight('b', 2)]);
        const [, oldest] = (await images.list({ limit: 9 })).images;
        const { id = '' } = oldest ?? {};
        await images.forget(id);
        await expectRefused(images.forget(id), 'not-found');
        await expectRefused(images.read(id), 'not-found');
        await expectRefused(images.read('\0'), 'not-found');
        await images.saw(Array.from({ length: MOST_IMAGES }, (_, count) => sight(`${count}`, 10 + count)));
        expect((await images.list({ limit: 9, text: '/b' })).images).toEqual([]);
        expect((await images.list({ limit: 1 })).images[0]?.link).toMatch(/\/999$/);
      }));
  });
}
