import type { ErrorKind } from '@diskferry/engine';

/** Exit codes by kind of error; 0 is done. docs/errors.md lists the kind of every code. */
const EXIT_CODES: Readonly<Record<ErrorKind, number>> = {
  failed: 1,
  usage: 2,
  refused: 3,
  target: 4,
  interrupted: 130,
};

export function exitCodeOf(kind: ErrorKind): number {
  return EXIT_CODES[kind];
}
