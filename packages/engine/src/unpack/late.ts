import type { MarkedStream } from './package.ts';

/** A content whose decoder is loaded when the content is read: most copies need none of the large ones. */
export function late(open: () => Promise<MarkedStream>): MarkedStream {
  let opened: MarkedStream | undefined;
  return {
    mark: (from) => opened?.mark(from),
    async *[Symbol.asyncIterator]() {
      opened = await open();
      yield* opened;
    },
  };
}
