import { expect, it } from 'vitest';
import { plainText } from './plain-text.ts';

it.each([
  ['\u001b[1;32mOK\u001b[0m', 'OK'],
  ['\u001b]0;title\u0007shell', 'shell'],
  ['\u001b[2J\u001b[Hlogin:', 'login:'],
  ['a\r\nb\rc', 'a\nb\nc'],
  ['x\u0000\u0008y\tz', 'xy\tz'],
  ['日本語 – ünï', '日本語 – ünï'],
])('%j is read as %j', (written, text) => expect(plainText(written)).toBe(text));

it('is done with a sequence that never ends in linear time', () => {
  const began = performance.now();
  plainText(`\u001b]${'x'.repeat(500)}`.repeat(400));
  expect(performance.now() - began).toBeLessThan(1000);
});
