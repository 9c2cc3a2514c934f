/** One thing that was seen on a target. */
export interface Finding {
  /** `gpt`, `mbr`, `ext4`, `xfs`, `qcow2` …; `data` for what is not known. */
  readonly kind: string;
  /** For people: `an ext4 file system "root"`. */
  readonly phrase: string;
}

/**
 * A label from a disk, fit to be shown: control characters, which could move a terminal's cursor, are taken out, and so
 * is what could turn the direction of writing. Empty where nothing is left.
 */
export function shownLabel(bytes: Uint8Array, encoding: 'utf8' | 'utf16le' = 'utf8'): string {
  const text = Buffer.from(bytes).toString(encoding).split('\0')[0] ?? '';
  // eslint-disable-next-line no-control-regex -- control characters are what it is about
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\uFFFD]/gu, '')
    .trim()
    .slice(0, 64);
}

export function named(what: string, label: string): string {
  return label === '' ? what : `${what} ${JSON.stringify(label)}`;
}
