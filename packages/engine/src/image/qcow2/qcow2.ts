import { u32be } from '../../base/endian.ts';
import { ForwardBytes } from '../forward-bytes.ts';
import type { ImageFormat } from '../image.ts';
import { mappedImage } from '../mapped.ts';
import { onePassForecast } from './forecast.ts';
import { readHead } from './head.ts';
import { MAGIC } from './header.ts';
import { readL1 } from './l1-table.ts';
import { Qcow2Map } from './mapping.ts';
import { OnePass } from './one-pass.ts';

/**
 * qcow2, versions 2 and 3, by docs/interop/qcow2.txt of QEMU. Everything needed to read lies in two levels of tables:
 *
 *     header ── L1 table ── L2 tables ── clusters: plain, packed, zero, none
 *
 * The active state is read. Not looked at: reference counts, the snapshot table, bitmaps. Refused by name: backing
 * files, external data, encryption, a set corrupt bit, unknown incompatible features. Stricter than QEMU, which reads
 * zeros where the file is cut off and ignores reserved bits.
 */
export const qcow2: ImageFormat = {
  name: 'qcow2',

  probe: ({ head }) => head.length >= 4 && u32be(head, 0) === MAGIC,

  async open(file, _around, signal) {
    const head = await readHead(file, signal);
    const map = new Qcow2Map(file, head, await readL1(file, head.layout, signal));
    return mappedImage({
      size: head.layout.diskSize,
      facts: head.facts,
      files: [file],
      extents: (within, aborted) => map.extents(within, aborted),
    });
  },

  forecast: onePassForecast,

  async scan(stream, how) {
    const file = new ForwardBytes(stream, how.fileSize);
    try {
      const head = await readHead(file, how.signal);
      const size = head.layout.diskSize;
      const { facts } = head;
      return {
        size,
        facts,
        pieces: () => new OnePass(head, how).pieces(file.rest()),
        conclude: () => ({ size, facts }),
      };
    } catch (error) {
      await file[Symbol.asyncDispose]();
      throw error;
    }
  },
};
