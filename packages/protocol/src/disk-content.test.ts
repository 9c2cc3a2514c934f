import { expect, it } from 'vitest';
import { describeContent, shareOf } from './disk-content.ts';

it.each([
  [{ kind: 'untouched' }, 0, 'untouched: the old content is still there'],
  [{ kind: 'partly', bytes: 617, of: 1000 }, 0.617, 'partly written: 61 %; the old content is gone'],
  [{ kind: 'partly', bytes: 1000, of: 1000 }, 1, 'partly written: 99 %; the old content is gone'],
  [{ kind: 'partly', bytes: 0, of: 0 }, 0, 'partly written: 0 %; the old content is gone'],
  [{ kind: 'complete', of: 9, verified: false }, 1, 'completely written, not verified'],
  [{ kind: 'complete', of: 9, verified: true }, 1, 'completely written and verified'],
] as const)('says what %j means', (content, share, sentence) => {
  expect(shareOf(content)).toBe(share);
  expect(describeContent(content)).toBe(sentence);
});
