import type { Bytes, Range } from '../../base/bytes.ts';
import { endOf } from '../../base/bytes.ts';
import { DiskferryError } from '../../base/errors.ts';
import { printable, type ExtentLine } from './extent-line.ts';
import type { Part } from './runs.ts';

/** An extent of zeros that has no file. */
export function zeroPart(length: number): Part {
  return {
    length,
    async *runs(within) {
      yield [{ kind: 'zero', ...within }];
    },
  };
}

/**
 * An extent whose file holds it as it is (FLAT, VMFS).
 * @param stored the file and its number in `Image.files`
 * @throws DiskferryError `image-truncated`
 */
export function flatPart(line: ExtentLine, stored: { readonly file: Bytes; readonly number: number }): Part {
  const { file, number } = stored;
  const end = line.fileOffset + line.length;
  if (end > file.size) {
    const message = `the VMDK extent ${printable(line.baseName)} has ${file.size} bytes, the descriptor needs ${end}`;
    throw new DiskferryError('image-truncated', message, { offset: file.size });
  }
  const inFile = (range: Range): Range => ({ ...range, offset: range.offset + line.fileOffset });
  return {
    length: line.length,
    async *runs(within, signal) {
      signal?.throwIfAborted();
      if (!file.runs) {
        yield [{ kind: 'data', ...within, stored: { form: 'plain', file: number, offset: inFile(within).offset } }];
        return;
      }
      let at = within.offset;
      for await (const run of file.runs(inFile(within), signal)) {
        const range = { offset: at, length: run.length };
        if (run.kind !== 'data') yield [{ kind: run.kind, ...range }];
        else yield [{ kind: 'data', ...range, stored: { form: 'plain', file: number, offset: run.offset } }];
        at = endOf(range);
      }
    },
  };
}
