/**
 * The server does not speak proper HTTP/1.1 (RFC 9112). The message says what is wrong and never holds what was
 * received: that may be anything. The request may be made again at once, unless the server has gone too far.
 */
export class ProtocolError extends Error {
  readonly retry: 'now' | 'later';

  constructor(said: string, retry: 'now' | 'later' = 'now') {
    super(said);
    this.name = 'ProtocolError';
    this.retry = retry;
  }
}
