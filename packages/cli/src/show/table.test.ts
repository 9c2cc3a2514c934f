import { expect, it } from 'vitest';
import { factsOf, printable, tableOf, widthOf } from './table.ts';

it('aligns columns, also those with wide letters', () => {
  expect(
    tableOf(
      ['NAME', 'SIZE'],
      [
        ['web', '10 GiB'],
        ['東京', '8 B'],
      ],
      [1],
    ),
  ).toBe('NAME    SIZE\nweb   10 GiB\n東京     8 B\n');
  expect(widthOf('ab東')).toBe(4);
});

it('shows facts under each other', () => {
  expect(
    factsOf([
      ['state', 'queued'],
      ['name', 'web'],
    ]),
  ).toBe('state  queued\nname   web\n');
});

it('lets no name steer the terminal', () => {
  expect(printable('a\u001b[2Jb\u0007')).toBe('a·[2Jb·');
});
