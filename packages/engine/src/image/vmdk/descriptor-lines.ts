/** A line of a descriptor and where it stands in its file. */
export interface DescriptorLine {
  readonly text: string;
  readonly at: number;
}

/**
 * Encodings that VMware writes, by their WHATWG names. All of them leave ASCII alone and never use a line feed inside a
 * character, so lines can be cut before they are decoded; a backslash can be the second byte of a character in some,
 * so names must not be cut before.
 */
const ENCODINGS = new Set([
  'utf-8',
  'us-ascii',
  'shift_jis',
  'shift-jis',
  'windows-31j',
  'gbk',
  'gb2312',
  'gb18030',
  'big5',
  'euc-jp',
  'euc-kr',
  'windows-874',
]);
const FAMILIES = /^(windows-125[0-8]|iso-8859-\d{1,2})$/;

/** The lines up to the first NUL: an embedded descriptor is padded with them. */
export function descriptorLines(text: Uint8Array, at: number): DescriptorLine[] {
  const nul = text.indexOf(0);
  const bytes = Buffer.from(nul < 0 ? text : text.subarray(0, nul));
  const decoder = new TextDecoder(encodingOf(bytes.toString('latin1')));
  const lines: DescriptorLine[] = [];
  for (let begin = 0; begin < bytes.length;) {
    const feed = bytes.indexOf(10, begin);
    const end = feed < 0 ? bytes.length : feed;
    lines.push({ text: decoder.decode(bytes.subarray(begin, end)).trimEnd(), at: at + begin });
    begin = end + 1;
  }
  return lines;
}

function encodingOf(text: string): string {
  const [, name = ''] = /^\s*(?:ddb\.)?encoding\s*=\s*"?([\w-]{1,40})"?\s*$/im.exec(text) ?? [];
  const lower = name.toLowerCase();
  if (!ENCODINGS.has(lower) && !FAMILIES.test(lower)) return 'utf-8';
  try {
    return new TextDecoder(lower).encoding;
  } catch {
    return 'utf-8';
  }
}
