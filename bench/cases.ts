export type Format = 'raw' | 'qcow2' | 'vpc' | 'vmdk';

export interface Case {
  readonly name: string;
  /** File in the folder of inputs, and qemu-img's name of its format once unpacked. */
  readonly input: string;
  readonly format: Format;
  readonly wrapping: 'none' | 'gz' | 'tar.gz';
  /** `slow`: HTTP with 60 MiB/s a connection. */
  readonly way: 'http' | 'slow' | 'file';
  /** What the landed disk is compared with: an input that is not packed, or nothing but zeros. */
  readonly truth: { readonly input: string; readonly format: Format } | 'zeros';
  readonly goals: readonly Goal[];
}

/** What the row without verification is to reach. */
export type Goal =
  | { readonly kind: 'faster'; readonly than: string; readonly times: number; readonly orWithinLimit?: number }
  | { readonly kind: 'under'; readonly seconds: number };

/** In `Goal.than`: whichever peer is fastest in the run. */
export const BEST_PEER = 'the best peer';

const RAW = { input: 'disk.raw', format: 'raw' } as const;
const faster = (times: number, than = BEST_PEER): Goal => ({ kind: 'faster', than, times });

type Part = Pick<Case, 'input' | 'format'> & Partial<Case>;
const over = (way: Case['way'], name: string, part: Part): Case => ({
  name: `${name}-${way}`,
  wrapping: 'none',
  way,
  truth: RAW,
  goals: [],
  ...part,
});

/** A case over HTTP, and the same with a ceiling on each connection, which is there to be beaten by using several. */
const served = (name: string, part: Part, slowThan = 'curl + qemu-img'): Case[] => [
  over('http', name, part),
  over('slow', name, { ...part, goals: [faster(5, slowThan)] }),
];

const twiceOrNearLimit: readonly Goal[] = [{ kind: 'faster', than: BEST_PEER, times: 2, orWithinLimit: 1.3 }];

const empty = (name: string, input: string, format: Format): Case =>
  over('http', name, { input, format, truth: 'zeros', goals: [{ kind: 'under', seconds: 2 }] });

const sparse = (quarters: number): Case => {
  const [input, format] = [`tib-${quarters}.qcow2`, 'qcow2'] as const;
  return over('http', `tib-${quarters}`, { input, format, truth: { input, format } });
};

export const CASES: readonly Case[] = [
  over('http', 'raw', { input: 'disk.raw', format: 'raw' }),
  ...served('qcow2', { input: 'disk.qcow2', format: 'qcow2', goals: twiceOrNearLimit }),
  ...served('vhd', { input: 'disk.vhd', format: 'vpc', goals: twiceOrNearLimit }),
  ...served('vmdk', { input: 'disk.vmdk', format: 'vmdk', goals: twiceOrNearLimit }),
  ...served('zlib', { input: 'disk-zlib.qcow2', format: 'qcow2', goals: [faster(3)] }),
  ...served('stream', { input: 'disk-stream.vmdk', format: 'vmdk', goals: [faster(3)] }),
  ...served('zstd', { input: 'disk-zstd.qcow2', format: 'qcow2', goals: [faster(2)] }),
  ...served(
    'rawgz',
    { input: 'disk.raw.gz', format: 'raw', wrapping: 'gz', goals: [faster(4, 'gzip + dd'), faster(1, 'igzip + dd')] },
    'gzip + dd',
  ),
  over('http', 'targz', { input: 'disk.qcow2.tar.gz', format: 'qcow2', wrapping: 'tar.gz' }),
  over('file', 'qcow2', { input: 'disk.qcow2', format: 'qcow2', goals: [faster(1)] }),
  over('file', 'zlib', { input: 'disk-zlib.qcow2', format: 'qcow2', goals: [faster(2)] }),
  empty('empty-qcow2', 'empty.qcow2', 'qcow2'),
  empty('empty-vhd', 'empty.vhd', 'vpc'),
  empty('empty-vmdk', 'empty.vmdk', 'vmdk'),
  ...[1, 2, 4, 8].map(sparse),
];
