import { describe, expect, it } from 'vitest';
import { seededBytes } from '../../../testing/seeded.ts';
import { rawContent } from './content.ts';

const sector = (...marks: [at: number, text: string | Uint8Array][]): Uint8Array => {
  const bytes = seededBytes(3, 65536).fill(0, 446, 510);
  for (const [at, mark] of marks) bytes.set(typeof mark === 'string' ? Buffer.from(mark, 'latin1') : mark, at);
  return bytes;
};
const text = (content: string): Uint8Array => Buffer.from(content);

describe('rawContent()', () => {
  it.each([
    ['GPT', sector([512, 'EFI PART']), 'partition-table'],
    ['MBR', sector([510, '\x55\xaa'], [446, '\x80\0\0\0\x83\0\0\0\0\x08\0\0\0\x08\0\0']), 'partition-table'],
    ['MBR', sector([510, '\x55\xaa']), 'partition-table'],
    ['NTFS', sector([3, 'NTFS    '], [510, '\x55\xaa']), 'filesystem'],
    ['ext2/3/4', sector([1080, '\x53\xef']), 'filesystem'],
    ['an LVM physical volume', sector([512, 'LABELONE']), 'filesystem'],
    ['zeros', new Uint8Array(65536), 'empty'],
    ['nothing', new Uint8Array(0), 'empty'],
    ['an HTML page', text('\n<!DOCTYPE html>\n<html><body>403 Forbidden</body></html>'), 'text'],
    ['an XML document', text('<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>'), 'text'],
    ['an XML document', text('<Error><Code>AccessDenied</Code></Error>'), 'text'],
    ['JSON', text('{"error": "not found"}'), 'text'],
    ['plain text', text('404 page not found\n'), 'text'],
    ['plain text', text('ページが見つかりません。'.repeat(100)), 'text'],
    ['an HTML page', Buffer.from('\ufeff<html><body>not found</body></html>', 'utf16le'), 'text'],
    ['unknown content', sector(), 'unknown'],
    ['unknown content', sector([510, '\x55\xaa'], [446, '\x13']), 'unknown'],
    ['unknown content', seededBytes(9, 100), 'unknown'],
  ] as const)('sees %s', (name, head, kind) => {
    expect(rawContent(head, head.length)).toEqual({ kind, name });
  });
});
