import { damaged } from '../intake.ts';

/** A number in a fixed field of a tar header: where it is, and what it tells, for errors. */
export interface NumberField {
  readonly start: number;
  readonly length: number;
  readonly what: string;
}

/**
 * Octal digits, or GNU's base 256 where the first bit is set (GNU tar manual, "Basic Tar Format": numeric extensions).
 * A field that begins with NUL is 0.
 * @throws DiskferryError `package-damaged` when negative, above 2^53 - 1 or not a number
 */
export function parseNumber(block: Uint8Array, field: NumberField, at: number): number {
  const bytes = block.subarray(field.start, field.start + field.length);
  const value = ((bytes[0] ?? 0) & 0x80) === 0 ? octal(bytes) : base256(bytes);
  if (value !== undefined && Number.isSafeInteger(value)) return value;
  throw damaged(`${field.what} in a tar header is no number from 0 to 2^53 - 1`, at + field.start);
}

function octal(bytes: Uint8Array): number | undefined {
  const text = Buffer.from(bytes).toString('latin1');
  const digits = /^[ \t\n\v\f\r]*([0-7]*)(?:[ \t\n\v\f\r\0]|$)/.exec(text)?.[1];
  if (digits === undefined || text.trim() === '') return undefined;
  return digits === '' ? 0 : Number.parseInt(digits, 8);
}

function base256(bytes: Uint8Array): number | undefined {
  const [first = 0, ...rest] = bytes;
  // 0xff begins a negative number, and nothing that is counted here can be one.
  return first === 0x80 ? rest.reduce((value, byte) => value * 256 + byte, 0) : undefined;
}
