import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { currentLanguage } from '../words/words.ts';
import { ProblemError, problemOf } from './problem.ts';

const AGAIN_MS = 1500;
/** Heartbeats are 15 s apart: without any sign of life for so long, the connection is dead. */
const SILENCE_MS = 45_000;

export interface Following {
  readonly onEvent: (event: EventSourceMessage) => void;
  /** Whether it is connected at the moment. */
  readonly onConnected?: (isConnected: boolean) => void;
  readonly signal: AbortSignal;
}

/**
 * Follows an event stream over lost connections and restarts of the service. Not an EventSource, since that can neither say
 * in which language nor tell why it was refused.
 * @throws ProblemError where the service refuses
 */
export async function follow(path: string, { onEvent, onConnected, signal }: Following): Promise<void> {
  let last: string | undefined;
  while (!signal.aborted) {
    try {
      await once(path, {
        last,
        signal,
        onOpen: () => onConnected?.(true),
        onEvent: (event) => {
          last = event.id ?? last;
          onEvent(event);
        },
      });
    } catch (error) {
      if (error instanceof ProblemError && error.problem.status < 500) throw error;
    }
    if (signal.aborted) return;
    onConnected?.(false);
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

interface Once {
  readonly last: string | undefined;
  readonly signal: AbortSignal;
  readonly onOpen: () => void;
  readonly onEvent: (event: EventSourceMessage) => void;
}

async function once(path: string, { last, signal, onOpen, onEvent }: Once): Promise<void> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    const headers = {
      accept: 'text/event-stream',
      'accept-language': currentLanguage(),
      ...(last === undefined ? {} : { 'last-event-id': last }),
    };
    const response = await fetch(path, { headers, signal: AbortSignal.any([signal, silence.signal]) });
    if (!response.ok || response.body === null) {
      throw new ProblemError(problemOf(await response.json().catch(() => undefined), response.status));
    }
    onOpen();
    const parser = createParser({ onEvent, maxBufferSize: 2 ** 22 });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      parser.feed(read.value);
    }
  } finally {
    clearTimeout(timer);
  }
}
