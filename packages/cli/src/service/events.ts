import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { setTimeout as sleep } from 'node:timers/promises';
import { languageOf } from './call.ts';
import type { Connection } from './connection.ts';
import { asProblem, ProblemError } from './problem.ts';

/** Pause before the stream is opened again; the server goes on behind the last event that came. */
const AGAIN_MS = 1000;
/** Without any sign of life (heartbeats are a few seconds apart) the connection is taken for dead. */
const SILENCE_MS = 45_000;

/**
 * The events of a stream (WHATWG, server-sent events), over lost connections and restarts of the service.
 * @throws ProblemError where the service refuses; AbortError
 */
export async function* eventsOf(
  { server, token }: Connection,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<EventSourceMessage> {
  let last: string | undefined;
  for (;;) {
    try {
      for await (const event of once(`${server}${path}`, { token, last, signal })) {
        last = event.id ?? last;
        yield event;
      }
    } catch (error) {
      if (error instanceof ProblemError && error.problem.status < 500) throw error;
      signal.throwIfAborted();
    }
    await sleep(AGAIN_MS, undefined, { signal });
  }
}

interface Opening {
  readonly token: string;
  readonly last: string | undefined;
  readonly signal: AbortSignal;
}

async function* once(url: string, { token, last, signal }: Opening): AsyncGenerator<EventSourceMessage> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    const headers = {
      accept: 'text/event-stream',
      authorization: `Bearer ${token}`,
      'accept-language': languageOf(process.env),
      ...(last === undefined ? {} : { 'last-event-id': last }),
    };
    const response = await fetch(url, { headers, signal: AbortSignal.any([signal, silence.signal]) });
    if (!response.ok || response.body === null) {
      throw new ProblemError(asProblem(await response.json().catch(() => undefined), response.status));
    }
    const came: EventSourceMessage[] = [];
    const parser = createParser({ onEvent: (event) => came.push(event), maxBufferSize: 2 ** 22 });
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      timer.refresh();
      parser.feed(chunk);
      yield* came.splice(0);
    }
  } finally {
    clearTimeout(timer);
  }
}
