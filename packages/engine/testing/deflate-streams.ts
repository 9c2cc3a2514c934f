import { DeflateMaker, type DynamicHead } from './deflate-maker.ts';

/** Deflate streams made by hand: legal ones that compressors hardly write, and illegal ones, each by its name. */

const many = (count: number, length: number) => Array<number>(count).fill(length);
const count = (length: number) => Array.from({ length }, (_, at) => at + 1);
const LETTERS = [...Buffer.from('abcdefghijklmnopqrstuvwxyz')];

/** 256 literals of 9 bits and the end of 1: a complete code without lengths. */
const LITERALS = [...many(256, 9), 1];
/** Literals of 9 bits, the end of 2, two lengths (3 and 4) of 3. */
const WITH_LENGTHS = [...many(256, 9), 2, 3, 3];
/** 1, 2, 3 ... 15 bits: both tables need their second level. */
const DEEP: DynamicHead = { litlen: [...count(14), ...many(242, 0), 15, 15], distance: [...count(14), 15, 15] };

const finished = { final: true };
const made = (write: (maker: DeflateMaker) => unknown): Uint8Array => {
  const maker = new DeflateMaker();
  write(maker);
  return maker.bytes();
};

export const LEGAL_STREAMS: Readonly<Record<string, Uint8Array>> = {
  'an empty fixed block': made((m) => m.fixed([], finished)),
  'an empty stored block': made((m) => m.stored(new Uint8Array(0), finished)),
  'a hundred empty blocks': made((m) => {
    for (let turn = 0; turn < 33; turn++) m.fixed([]).stored(new Uint8Array(0)).dynamic(DEEP, []);
    m.fixed([], finished);
  }),
  'blocks of all kinds in turn': made((m) => {
    m.stored(Uint8Array.from(LETTERS)).fixed([...LETTERS, { length: 20, distance: 26 }]);
    m.dynamic(DEEP, [0, 1, 2, 13, { length: 3, distance: 4 }]).fixed([{ length: 258, distance: 1 }]);
    m.stored(Uint8Array.from(LETTERS)).dynamic(DEEP, [0, 12, 13], finished);
  }),
  'matches of every length and distance up to 40': made((m) => {
    const tokens = LETTERS.concat(LETTERS).map((letter, at) => letter + (at % 5));
    m.fixed(tokens);
    for (let distance = 1; distance <= 40; distance++) {
      m.fixed(Array.from({ length: 256 }, (_, at) => ({ length: at + 3, distance })));
    }
    m.fixed([], finished);
  }),
  'a distance of 32768': made((m) =>
    m.stored(new Uint8Array(32768).fill(5)).fixed([{ length: 9, distance: 32768 }], finished),
  ),
  'the length 258 by the symbol before the last': made((m) =>
    m.fixed([1, { litlen: 284, extra: [31, 5] }, { dist: 0 }], finished),
  ),
  'codes of 15 bits': made((m) => m.dynamic(DEEP, [...many(14, 0), 13, 12, { length: 3, distance: 16 }, 13], finished)),
  'codes of 15 bits, many': made((m) => {
    const tokens = Array.from({ length: 4000 }, (_, at) =>
      at % 3 ? 13 - (at % 7) : { length: 3, distance: 1 + ((at % 200) % (at + 1)) },
    );
    m.dynamic(DEEP, [0, 1, 2, ...tokens], finished);
  }),
  'turns of as many bits as there can be: three literals of 11, a length of 15 + 5, a distance of 15 + 13': made(
    (m) => {
      const litlen = [...count(10), ...many(55, 0), 11, ...many(190, 0), 12, 13, 14, ...many(24, 0), 15, 15];
      const distance = [...count(14), ...many(14, 0), 15, 15];
      const turn = [65, 65, 65, { litlen: 284, extra: [29, 5] as const }, { dist: 29, extra: [8190, 13] as const }];
      const turns = Array.from({ length: 2000 }, (_, at) => [...turn, ...(at % 3 ? [] : [at % 10])]).flat();
      m.stored(new Uint8Array(32768).map((_, at) => at)).dynamic({ litlen, distance }, turns, finished);
    },
  ),
  'no distance code where no match is': made((m) =>
    m.dynamic({ litlen: LITERALS, distance: [0] }, [1, 2, 3], finished),
  ),
  'a single distance code': made((m) =>
    m.dynamic({ litlen: WITH_LENGTHS, distance: [1] }, [1, { length: 4, distance: 1 }], finished),
  ),
  'a single distance code that is not the first': made((m) =>
    m.dynamic({ litlen: WITH_LENGTHS, distance: [0, 0, 1] }, [1, 2, 3, { length: 4, distance: 3 }], finished),
  ),
  'a literal/length code of the end alone': made((m) =>
    m.dynamic({ litlen: [...many(256, 0), 1], distance: [0] }, [], finished),
  ),
  'a repeat from the first code into the second': made((m) => {
    const elements = [...many(256, 9), 2, 3, 3, [17, 0]] as const;
    const head = {
      litlen: WITH_LENGTHS,
      distance: [0, 0, 0, 1],
      elements: [...elements, 1],
      precode: [0, 3, 3, 3, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 3],
    };
    m.dynamic(head, [1, 2, 3, 4, { length: 4, distance: 4 }], finished);
  }),
  'all three repeats': made((m) => {
    const elements = [9, [16, 3], [16, 3], ...many(243, 9), 2, 3, 3, [18, 0], 1] as const;
    const precode = [0, 4, 4, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 4, 3, 3];
    m.dynamic({ litlen: WITH_LENGTHS, distance: [...many(11, 0), 1], elements, precode }, [1, 2, 3], finished);
  }),
  'bytes behind the end': made((m) => m.fixed(LETTERS, finished).align(1).bits(0xffff, 16)),
  'ones as padding before a stored block': made((m) => m.fixed(LETTERS).stored(Uint8Array.of(1, 2), finished)),
};

export const ILLEGAL_STREAMS: Readonly<Record<string, Uint8Array>> = {
  'the block kind that does not exist': made((m) => m.header(3, finished).bits(0, 32)),
  'a stored block whose lengths do not match': made((m) =>
    m.stored(Uint8Array.of(1, 2), { ...finished, complement: 0 }),
  ),
  'a match before the first byte': made((m) => m.fixed([{ length: 3, distance: 1 }], finished)),
  'a distance one too far': made((m) => m.fixed([1, 2, 3, { length: 3, distance: 4 }, ...many(400, 1)], finished)),
  'a distance of 32768 after 32767 bytes': made((m) =>
    m.stored(new Uint8Array(32767)).fixed([{ length: 9, distance: 32768 }, ...many(400, 1)], finished),
  ),
  'the length symbol 286': made((m) => m.fixed([1, { litlen: 286 }, { dist: 0 }, ...many(400, 1)], finished)),
  'the length symbol 287': made((m) => m.fixed([1, { litlen: 287 }, { dist: 0 }, ...many(400, 1)], finished)),
  'the distance symbol 30': made((m) => m.fixed([1, { litlen: 257 }, { dist: 30 }, ...many(400, 1)], finished)),
  'the distance symbol 31': made((m) => m.fixed([1, { litlen: 257 }, { dist: 31 }, ...many(400, 1)], finished)),
  '287 literal/length symbols': made((m) =>
    m.dynamic({ litlen: [...LITERALS, ...many(30, 0)], distance: [0] }, [1], finished),
  ),
  '31 distance symbols': made((m) => m.dynamic({ litlen: LITERALS, distance: many(31, 5) }, [1], finished)),
  '32 distance symbols of 5 bits': made((m) =>
    m.dynamic({ litlen: WITH_LENGTHS, distance: many(32, 5) }, [1], finished),
  ),
  'a code without an end': made((m) =>
    m.dynamic({ litlen: [...many(256, 8), 0], distance: [1] }, [1, 2, 3], { ...finished, end: false }).bits(0, 64),
  ),
  'no code lengths at all': made((m) =>
    m.dynamic({ litlen: many(257, 0), distance: [0] }, [], { ...finished, end: false }).bits(0, 64),
  ),
  'an over-subscribed literal/length code': made((m) =>
    m.dynamic({ litlen: [...many(256, 8), 8], distance: [1] }, [1], { final: true }),
  ),
  'an incomplete literal/length code': made((m) =>
    m.dynamic({ litlen: [...many(256, 9), 2], distance: [1] }, [1], finished),
  ),
  'a literal/length code of the end alone, of 2 bits': made((m) =>
    m.dynamic({ litlen: [...many(256, 0), 2], distance: [1] }, [], finished),
  ),
  'an over-subscribed distance code': made((m) =>
    m.dynamic({ litlen: WITH_LENGTHS, distance: [1, 1, 1] }, [1], finished),
  ),
  'an incomplete distance code': made((m) => m.dynamic({ litlen: WITH_LENGTHS, distance: [2, 2, 2] }, [1], finished)),
  'a single distance code of 2 bits': made((m) => m.dynamic({ litlen: WITH_LENGTHS, distance: [2] }, [1], finished)),
  'a match without a distance code': made((m) =>
    m.dynamic({ litlen: WITH_LENGTHS, distance: [0] }, [1, { litlen: 257 }], { ...finished, end: false }).bits(0, 999),
  ),
  'the unused half of a single distance code': made((m) =>
    m
      .dynamic({ litlen: WITH_LENGTHS, distance: [1] }, [1, { litlen: 257 }], { ...finished, end: false })
      .bits(2 ** 40 - 1, 999),
  ),
  'the unused half of a code of the end alone': made((m) =>
    m.dynamic({ litlen: [...many(256, 0), 1], distance: [0] }, [], { ...finished, end: false }).bits(2 ** 40 - 1, 999),
  ),
  'an over-subscribed code length code': made((m) =>
    m.dynamic({ litlen: LITERALS, distance: [1], precode: many(19, 4) }, [1], finished),
  ),
  'an incomplete code length code': made((m) =>
    m.dynamic({ litlen: LITERALS, distance: [1], precode: many(15, 4) }, [1], finished),
  ),
  'a single code length code': made((m) => {
    m.dynamic({ litlen: many(257, 8), distance: [8], precode: [...many(8, 0), 1] }, [1], { ...finished, end: false });
  }),
  'no code length code': made((m) =>
    m
      .dynamic(
        { litlen: [], distance: [], elements: [], precode: many(19, 0), counts: { litlen: 257, distance: 1 } },
        [],
        { ...finished, end: false },
      )
      .bits(0, 999),
  ),
  'a repeat before the first length': made((m) => {
    m.dynamic({ ...repeats([[16, 0]]), litlen: LITERALS, distance: [1] }, [], { ...finished, end: false }).bits(0, 999);
  }),
  'a repeat beyond the last length': made((m) => {
    m.dynamic({ ...repeats([...many(257, 8), [18, 0]]), litlen: LITERALS, distance: [1] }, [], {
      ...finished,
      end: false,
    }).bits(0, 999);
  }),
};

function repeats(elements: NonNullable<DynamicHead['elements']>): Pick<DynamicHead, 'elements' | 'precode'> {
  return { elements, precode: [3, 3, 3, 3, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 3, 3, 3] };
}
