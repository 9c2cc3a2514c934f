import { ProtocolError } from './protocol-error.ts';

/** By name in lower case; a list where the name is there several times. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

export interface AnswerHead {
  /** The last digit of HTTP/1.x. */
  readonly minor: 0 | 1;
  readonly status: number;
  readonly headers: Headers;
}

const FIELD_LIMIT = 200;
/** RFC 9112, 4. The phrase is for people, and so is the blank before it for those who leave both out. */
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/;
/** No blank before the colon (5.1), no CR, LF or NUL anywhere (RFC 9110, 5.5). */
const FIELD_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\t\x20-\x7e\x80-\xff]*)$/;

/**
 * The head of an answer, strictly: lines end with CRLF, and nothing is repaired.
 * @param bytes up to and with the empty line; their number is bounded already
 * @throws ProtocolError
 */
export function parseHead(bytes: Uint8Array): AnswerHead {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length - 4).toString('latin1');
  const [first = '', ...lines] = text.split('\r\n', FIELD_LIMIT + 2);
  const [, minor, status] = STATUS_LINE.exec(first) ?? [];
  if (status === undefined) throw new ProtocolError('its status line is malformed');
  if (lines.length > FIELD_LIMIT) throw new ProtocolError(`it sends more than ${FIELD_LIMIT} headers`, 'later');
  return { minor: minor === '0' ? 0 : 1, status: Number(status), headers: fieldsOf(lines) };
}

/** @throws ProtocolError */
export function fieldsOf(lines: readonly string[]): Headers {
  // Without a prototype `__proto__` is a name as any other.
  const headers: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  for (const line of lines) {
    if (/^[ \t]/.test(line)) throw new ProtocolError('it folds a header over several lines');
    const [, name, value] = FIELD_LINE.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new ProtocolError('one of its headers is malformed');
    add(headers, name.toLowerCase(), trimmed(value));
  }
  return headers;
}

/** Blanks and tabs only, and by a loop: a pattern for the end of a line takes the square of its length. */
function trimmed(value: string): string {
  let from = 0;
  let to = value.length;
  while (from < to && isBlank(value, from)) from++;
  while (to > from && isBlank(value, to - 1)) to--;
  return value.slice(from, to);
}

function isBlank(text: string, at: number): boolean {
  return text[at] === ' ' || text[at] === '\t';
}

function add(headers: Record<string, string | string[]>, name: string, value: string): void {
  const before = headers[name];
  if (before === undefined) headers[name] = value;
  else if (Array.isArray(before)) before.push(value);
  else headers[name] = [before, value];
}

/** The elements of a header that is a list of tokens (RFC 9110, 5.6.1), in lower case. */
export function tokensOf(headers: Headers, name: string): string[] {
  return [headers[name] ?? []]
    .flat()
    .flatMap((value) => value.split(','))
    .map((token) => token.trim().toLowerCase())
    .filter((token) => token !== '');
}
