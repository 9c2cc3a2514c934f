import { createReadStream, statSync } from 'node:fs';
import { Readable } from 'node:stream';

/** What lies behind a path: a buffer or a file. Tests change it to change the object. */
export interface ServedObject {
  content: Uint8Array | { readonly file: string };
  etag?: string | undefined;
  lastModified?: string | undefined;
  /** Sent with every answer that has the object. */
  headers?: Readonly<Record<string, string>>;
  /** Default true. */
  ranges?: boolean;
  /** Default true: If-Match and If-Unmodified-Since are obeyed. */
  conditions?: boolean;
  /** Default true; false sends the body in chunks of unknown total length. */
  length?: boolean;
}

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** The answer of an honest server, as head and body, before any fault is put on it. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: { readonly offset: number; readonly length: number } | undefined;
}

export function bodyOf(object: ServedObject, { offset, length }: { offset: number; length: number }): Readable {
  const { content } = object;
  if (length === 0) return Readable.from([]);
  if ('file' in content) return createReadStream(content.file, { start: offset, end: offset + length - 1 });
  return Readable.from([Buffer.from(content.buffer, content.byteOffset + offset, length)]);
}

export function sizeOf({ content }: ServedObject): number {
  return 'file' in content ? statSync(content.file).size : content.length;
}

/** How a good server answers (RFC 9110): ranges, conditions, validators. */
export function honestAnswer(request: ReceivedRequest, object: ServedObject | undefined): Answer {
  if (object === undefined) return { status: 404, headers: {}, body: undefined };
  const size = sizeOf(object);
  const headers: Record<string, string> = { ...object.headers };
  if (object.etag !== undefined) headers['etag'] = object.etag;
  if (object.lastModified !== undefined) headers['last-modified'] = object.lastModified;
  if (object.conditions !== false && !conditionsHold(request, object)) return { status: 412, headers, body: undefined };
  const range = object.ranges === false ? null : /^bytes=(\d+)-(\d*)$/.exec(request.headers['range'] ?? '');
  if (range === null) {
    if (object.length !== false) headers['content-length'] = String(size);
    return { status: 200, headers, body: { offset: 0, length: size } };
  }
  const offset = Number(range[1]);
  const end = Math.min(size, range[2] === '' ? size : Number(range[2]) + 1);
  if (offset >= end)
    return { status: 416, headers: { ...headers, 'content-range': `bytes */${size}` }, body: undefined };
  headers['content-range'] = `bytes ${offset}-${end - 1}/${size}`;
  if (object.length !== false) headers['content-length'] = String(end - offset);
  return { status: 206, headers, body: { offset, length: end - offset } };
}

function conditionsHold(request: ReceivedRequest, object: ServedObject): boolean {
  const match = request.headers['if-match'];
  if (match !== undefined) return match === object.etag;
  const since = request.headers['if-unmodified-since'];
  return since === undefined || Date.parse(object.lastModified ?? '') <= Date.parse(since);
}
