import { useEffect, useState } from 'react';
import { follow } from '../service/events.ts';
import { plainText } from './plain-text.ts';

/** A guest can write for ever: of what it wrote only the end is kept. */
const MOST_CHARACTERS = 200_000;

interface Serial {
  readonly text: string;
  /** Bytes that were left out of the middle. */
  readonly skipped: number;
  readonly error: Error | undefined;
}

const NOTHING: Serial = { text: '', skipped: 0, error: undefined };

export function useSerial(id: string, restarted: string): Serial {
  const [serial, setSerial] = useState<Serial>(NOTHING);
  useEffect(() => {
    const gone = new AbortController();
    setSerial(NOTHING);
    const append = (more: string, skipped = 0): void => {
      setSerial((before) => ({
        ...before,
        text: (before.text + plainText(more)).slice(-MOST_CHARACTERS),
        skipped: before.skipped + skipped,
      }));
    };
    follow(`/api/v1/instances/${encodeURIComponent(id)}/serial/live`, {
      signal: gone.signal,
      onEvent: ({ event, data }) => {
        if (event === 'restarted') append(`\n${restarted}\n`);
        if (event !== 'serial') return;
        const { text, skipped } = JSON.parse(data) as { text: string; skipped: number };
        append(text, skipped);
      },
    }).catch((error: Error) => setSerial((before) => ({ ...before, error })));
    return () => gone.abort();
  }, [id, restarted]);
  return serial;
}
