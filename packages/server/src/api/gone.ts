import type { FastifyReply } from 'fastify';

/** Aborts when nobody waits for the answer any more, or the service is being shut down. */
export function whileAsked({ raw }: FastifyReply, closing: AbortSignal): AbortSignal {
  const gone = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) gone.abort();
  });
  return AbortSignal.any([gone.signal, closing]);
}
