import { SECTOR } from '../../../base/align.ts';
import { u16le } from '../../../base/endian.ts';
import { damaged } from '../../fault.ts';
import { hasText } from '../signature/content.ts';

/**
 * Puts back the last two bytes of each sector of a record, which NTFS replaces by a number: where one differs, the record
 * was torn while it was written. Changes `record`.
 */
export function undoFixups(record: Uint8Array, mark: string): void {
  if (!hasText(record, 0, mark)) throw damaged(`no ${mark} record`);
  const at = u16le(record, 4);
  const count = u16le(record, 6);
  if (count < 1 || (count - 1) * SECTOR > record.length || at + count * 2 > record.length) {
    throw damaged(`a ${mark} record contradicts itself`);
  }
  for (let sector = 1; sector < count; sector++) {
    const end = sector * SECTOR - 2;
    if (u16le(record, end) !== u16le(record, at)) throw damaged(`a ${mark} record was torn`);
    record.copyWithin(end, at + sector * 2, at + sector * 2 + 2);
  }
}
