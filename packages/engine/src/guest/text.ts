/**
 * Text out of a disk, fit to be shown: control characters and what turns the direction of writing are replaced, and it
 * has an end.
 */
export function shown(text: string, limit = 200): string {
  const clean = text.replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu, '�').toWellFormed();
  return clean.length <= limit ? clean : `${clean.slice(0, limit - 1).toWellFormed()}…`;
}

/** A field of fixed size that holds UTF-8 up to its first NUL, without the blanks that pad it. */
export function field(bytes: Uint8Array, at: number, length: number): string {
  const whole = bytes.subarray(at, at + length);
  const end = whole.indexOf(0);
  return shown(
    Buffer.from(end < 0 ? whole : whole.subarray(0, end))
      .toString('utf8')
      .trim(),
  );
}

/** The same in UTF-16, little-endian. */
export function wideField(bytes: Uint8Array, at: number, length: number): string {
  const text = Buffer.from(bytes.subarray(at, at + length)).toString('utf16le');
  const end = text.indexOf('\0');
  return shown((end < 0 ? text : text.slice(0, end)).trim());
}
