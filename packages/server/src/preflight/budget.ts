import type { Bytes, ByteStream, Identified, Source } from '@diskferry/engine';

/** Thrown where a look has read all that it may. */
export class BudgetSpent extends Error {
  constructor(bytes: number) {
    super(`read ${bytes} bytes without coming to an end`);
    this.name = 'BudgetSpent';
  }
}

/** A source that is asked only once what lies there, and of which so many bytes may be read. Does not own `inner`. */
export function withBudget(inner: Source, bytes: number): Source {
  let left = bytes;
  let identified: Identified | undefined;
  const spend = (count: number): void => {
    left -= count;
    if (left < 0) throw new BudgetSpent(bytes);
  };
  const direct = inner.bytes?.bind(inner);
  return {
    label: inner.label,
    name: inner.name,
    region: inner.region,
    identify: async (signal) => (identified ??= await inner.identify(signal)),
    stream: async (ask) => counted(await inner.stream(ask), spend),
    ...(direct === undefined ? {} : { bytes: async (expect) => countedBytes(await direct(expect), spend) }),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** By hand and not as a generator: one that was never begun would not close what it reads. */
function counted(stream: ByteStream, spend: (count: number) => void): ByteStream {
  return {
    [Symbol.asyncIterator]() {
      const inner = stream[Symbol.asyncIterator]();
      return {
        next: async () => {
          const result = await inner.next();
          if (result.done !== true) await spendOrClose(result.value.length, inner, spend);
          return result;
        },
        return: async () => {
          await inner.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}

async function spendOrClose(count: number, inner: AsyncIterator<Uint8Array>, spend: (count: number) => void) {
  try {
    spend(count);
  } catch (error) {
    await inner.return?.();
    throw error;
  }
}

function countedBytes(inner: Bytes, spend: (count: number) => void): Bytes {
  const runs = inner.runs?.bind(inner);
  return {
    size: inner.size,
    read: async (offset, into, signal) => {
      spend(into.length);
      await inner.read(offset, into, signal);
    },
    ...(runs === undefined ? {} : { runs }),
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  };
}
