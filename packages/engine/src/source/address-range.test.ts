import { describe, expect, it } from 'vitest';
import { isAddressRange, isInRange } from './address-range.ts';

describe('a range of addresses', () => {
  it.each([
    ['10.1.2.3', '10.0.0.0/8'],
    ['::ffff:10.1.2.3', '10.0.0.0/8'],
    ['10.1.2.3', '::ffff:10.0.0.0/104'],
    ['127.0.0.1', '127.0.0.1/32'],
    ['fd00::17', 'fd00::/8'],
    ['192.0.2.1', '0.0.0.0/0'],
  ])('holds %s in %s', (address, range) => {
    expect(isInRange(address, range)).toBe(true);
  });

  it.each([
    ['11.1.2.3', '10.0.0.0/8'],
    ['10.1.2.3', '::/0'],
    ['::1', '0.0.0.0/0'],
    ['::ffff:127.0.0.1', '10.0.0.0/8'],
    ['127.0.0.2', '127.0.0.1/32'],
    ['nonsense', '0.0.0.0/0'],
    ['', '0.0.0.0/0'],
    ['10.0.0.1', 'nonsense'],
  ])('does not hold %s in %s', (address, range) => {
    expect(isInRange(address, range)).toBe(false);
  });

  it.each([
    '10.0.0.0',
    '10/8',
    '10.0.0.0/33',
    'fd00::/129',
    '0x0a.0.0.0/8',
    '::ffff:10.0.0.0/8',
    '10.0.0.0/8 ',
    '/8',
    '',
  ])('"%s" is none', (text) => {
    expect(isAddressRange(text)).toBe(false);
  });
});
