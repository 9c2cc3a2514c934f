import { expect, it } from 'vitest';
import { insideOf } from './guest-summary.ts';

const volume = (content: string | null) => ({ content });

it('is the name of the system, else what the volumes hold where no system was looked for, else what its nature says', () => {
  const volumes = [volume('ext4'), volume(null), volume('xfs'), volume('ext4')];
  expect(insideOf({ system: { name: 'Debian 12' }, nature: 'system', volumes })).toBe('Debian 12');
  expect(insideOf({ system: { name: null }, nature: 'system', volumes })).toBeUndefined();
  expect(insideOf({ system: null, nature: 'unknown', volumes })).toBe('ext4, xfs');
  expect(insideOf({ system: null, nature: 'unknown', volumes: [volume(null)] })).toBeUndefined();
  expect(insideOf({ system: null, nature: 'data', volumes })).toBeUndefined();
});
