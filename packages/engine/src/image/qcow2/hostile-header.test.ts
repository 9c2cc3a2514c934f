import { describe } from 'vitest';
import {
  CLUSTER,
  EXTENSIONS,
  extension,
  featureName,
  GOOD,
  refuse,
  refusesEach,
  text,
  type Patch,
  type Refused,
} from '../../../testing/hostile-qcow2.ts';

const HEADER: readonly Refused[] = [
  refuse('qcow version 1, which has the same magic', [[4, 1]], 'image-unsupported', /qcow version 1/),
  refuse('version 0', [[4, 0]], 'image-unsupported'),
  refuse('version 4', [[4, 4]], 'image-unsupported', /version 4/),
  ...[0, 8].map((bits) => refuse(`clusters of ${2 ** bits} bytes`, [[20, bits]], 'image-damaged')),
  ...[22, 63, 2 ** 32 - 1].map((bits) => refuse(`cluster_bits ${bits}`, [[20, bits]], 'image-unsupported')),
  ...[0, 96, 105, CLUSTER + 8, 2 ** 32 - 1].map((length) => {
    return refuse(`header_length ${length}`, [[100, length]], 'image-damaged', /header_length/);
  }),
  ...[2n ** 64n - 1n, 2n ** 63n, 2n ** 53n].map((size) => refuse(`size ${size}`, [[24, size]], 'image-damaged')),
  refuse('a size of 2^53 - 1', [[24, 2n ** 53n - 1n]], 'image-damaged'),
  refuse('a disk that is larger than the L1 table tells', [[24, 2n ** 40n]], 'image-damaged', /L1 table has 1 entries/),
  refuse('an L1 table of 32 GiB', [[36, 2 ** 32 - 1]], 'image-limit'),
  refuse('an L1 table of no entries', [[36, 0]], 'image-damaged'),
  refuse('refcount_order 7', [[96, 7]], 'image-damaged'),
  refuse('an unaligned refcount table', [[48, 1000n]], 'image-damaged'),
  refuse('a refcount table behind the end', [[48, 2n ** 40n]], 'image-truncated'),
  refuse('2^32 - 1 snapshots', [[60, 2 ** 32 - 1]], 'image-limit', /nb_snapshots/),
  refuse(
    'a snapshot table behind the end',
    [
      [60, 1],
      [64, 2n ** 40n],
    ],
    'image-truncated',
  ),
  refuse(
    'an unaligned snapshot table',
    [
      [60, 1],
      [64, 77n],
    ],
    'image-damaged',
  ),
  refuse('the corrupt bit', [[72, 2n]], 'image-corrupt'),
  refuse('AES', [[32, 1]], 'image-encrypted', /AES/),
  refuse('LUKS', [[32, 2]], 'image-encrypted', /LUKS/),
  refuse('an unknown encryption', [[32, 77]], 'image-encrypted', /77/),
  refuse('the compression bit without a type', [[72, 8n]], 'image-damaged'),
  refuse('a compression type without the bit', [[104, Uint8Array.of(1)]], 'image-damaged'),
  refuse(
    'compression type 2',
    [
      [72, 8n],
      [104, Uint8Array.of(2)],
    ],
    'image-unsupported',
    /compression type 2/,
  ),
  refuse('extended L2 entries in small clusters', [[72, 16n]], 'image-damaged'),
  ...[8n, 16n, 32n].map((bytes) => {
    return { title: `a file of ${bytes} bytes`, file: GOOD.slice(0, Number(bytes)), code: 'image-truncated' as const };
  }),
];

const OUTSIDE: readonly Refused[] = [
  ...['/etc/passwd', 'http://127.0.0.1:9/x', 'json:{"driver":"file"}', '../../x'].map((name) => {
    const patches: Patch[] = [
      [8, 2048n],
      [16, name.length],
      [2048, text(name)],
    ];
    return refuse(`the backing file ${name}`, patches, 'image-backing-file', /"[^"]+", which is not opened/);
  }),
  refuse(
    'a backing file whose name is outside',
    [
      [8, 2n ** 40n],
      [16, 10],
    ],
    'image-backing-file',
  ),
  refuse(
    'a backing file with a name of 4 GiB',
    [
      [8, 2048n],
      [16, 2 ** 32 - 1],
    ],
    'image-backing-file',
  ),
  refuse('an external data file', [[72, 4n]], 'image-external-data'),
  refuse(
    'an external data file with its name',
    [
      [72, 4n],
      [EXTENSIONS, extension(0x44415441, text('/etc/passwd'))],
    ],
    'image-external-data',
    /"\/etc\/passwd"/,
  ),
  refuse(
    'the name of an external data file without the bit',
    [[EXTENSIONS, extension(0x44415441, text('http://127.0.0.1:9/x'))]],
    'image-external-data',
  ),
  refuse('an encryption header without encryption', [[EXTENSIONS, extension(0x0537be77, text('x'))]], 'image-damaged'),
];

const FEATURES: readonly Refused[] = [
  refuse('an unknown feature without a name', [[72, 1n << 40n]], 'image-unsupported', /bit 40 \(no name\)/),
  refuse(
    'an unknown feature with a name',
    [
      [72, 1n << 6n],
      [EXTENSIONS, extension(0x6803f857, featureName(6, 'time \u001b travel'))],
    ],
    'image-unsupported',
    /bit 6 \(time \? travel\)/,
  ),
  refuse('all unknown features', [[72, (2n ** 64n - 1n) & ~7n]], 'image-unsupported', /and 55 more/),
  refuse(
    'an extension of 4 GiB',
    [
      [EXTENSIONS, 0x11111111],
      [EXTENSIONS + 4, 2 ** 32 - 1],
    ],
    'image-damaged',
  ),
  refuse(
    'an extension that leaves the cluster',
    [
      [EXTENSIONS, 0x11111111],
      [EXTENSIONS + 4, CLUSTER],
    ],
    'image-damaged',
  ),
];

describe('hostile qcow2 headers', () => refusesEach(HEADER));
describe('qcow2 images that need something outside', () => refusesEach(OUTSIDE));
describe('qcow2 features and extensions', () => refusesEach(FEATURES));
