import { expect, it } from 'vitest';
import { instanceOf } from '../../testing/preflight-scene.ts';
import { check } from './check.ts';
import { sightsOf } from './sights.ts';

const FOUND = { identity: '"e"', layers: [], fileSize: 1, virtualSize: 2, reading: 'by ranges', guest: null };

it('tells what was found of each image that could be read, and counts what is said of the image alone', () => {
  const { images } = instanceOf(['https://h.example/a', 'https://h.example/b']);
  const report = {
    images: [FOUND, { ...FOUND, identity: null }],
    checks: [
      check('image-warning', 'warn', 0, 'x'),
      check('disk-fits', 'block', 0, 'not of the image'),
      check('image-warning', 'warn', 1, 'of another'),
    ],
  };
  expect(sightsOf({ images, report, by: 'ann', at: 7, migration: 'm-1' })).toEqual([
    {
      link: 'https://h.example/a',
      layers: [],
      fileSize: 1,
      virtualSize: 2,
      reading: 'by ranges',
      guest: null,
      blocks: 0,
      warnings: 1,
      seenAt: 7,
      seenBy: 'ann',
      migration: 'm-1',
    },
  ]);
});
