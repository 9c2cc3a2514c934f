import type { Socket } from 'node:net';
import { SERVICE_CATALOGUE, type ServiceErrorCode } from '../../base/catalogue.ts';

/** What the parser of HTTP refuses, before there is a request. */
const CODES: Readonly<Record<string, ServiceErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
};

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

export function answerSocketFault({ code = '' }: { readonly code?: string }, socket: Socket): void {
  if (code === 'ECONNRESET' || socket.destroyed || !socket.writable) return void socket.destroy();
  const known = CODES[code] ?? 'malformed-request';
  const { status, meaning, remedy } = SERVICE_CATALOGUE[known];
  const problem = { type: `/errors/${known}`, title: meaning, status, detail: meaning, code: known, remedy };
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${status} ${REASONS[status]}\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
