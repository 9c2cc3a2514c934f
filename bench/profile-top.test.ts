import { expect, it } from 'vitest';
import { selfTimes } from './profile-top.ts';

const frame = (functionName: string, url: string) => ({ functionName, url, lineNumber: 6 });

it('Self times of a profile are summed over all places a function was called from, the longest first', () => {
  const nodes = [
    { id: 1, callFrame: frame('(garbage collector)', '') },
    { id: 2, callFrame: frame('isZero', 'file:///engine/zero.ts') },
    { id: 3, callFrame: frame('isZero', 'file:///engine/zero.ts') },
  ];
  expect(selfTimes({ nodes, samples: [2, 1, 3], timeDeltas: [1000, 500, 2000] })).toEqual([
    { name: 'isZero zero.ts:7', seconds: 0.003 },
    { name: '(garbage collector)', seconds: 0.0005 },
  ]);
});
