import { KiB } from '../../../base/align.ts';
import { tokensOf, type AnswerHead } from './answer-head.ts';
import type { Connection } from './connection.ts';
import type { Framing } from './framing.ts';

/** How long a connection waits for its next request. Servers wait for 5 s and more. */
const REST_MS = 15_000;
/** A server that says how long it waits is taken at its word, with this much for the way. */
const MARGIN_MS = 1000;

/** How long a connection may rest after this answer, in milliseconds; 0: not at all. HTTP/1.0 is not relied upon. */
export function restAfter({ minor, headers }: AnswerHead): number {
  if (minor === 0 || tokensOf(headers, 'connection').includes('close')) return 0;
  const hint = tokensOf(headers, 'keep-alive').find((token) => /^timeout=\d{1,9}$/.test(token));
  const told = hint === undefined ? REST_MS : Number(hint.slice('timeout='.length)) * 1000 - MARGIN_MS;
  return Math.max(0, Math.min(REST_MS, told));
}

const DRAIN_LIMIT = 64 * KiB;
const DRAIN_MS = 1000;

/** Whether the rest of a body costs less than a new connection. */
export function isWorthDraining(framing: Framing): boolean {
  return framing.left === undefined ? !framing.mayEndHere : framing.left <= DRAIN_LIMIT;
}

/** Reads a body that nobody wants to its end, if that is near. Settles with whether it was. */
export async function drain(connection: Connection, framing: Framing): Promise<boolean> {
  const timer = setTimeout(() => connection.fail(new Error('the rest of an answer came too slowly')), DRAIN_MS);
  try {
    for (let count = 0; !framing.ended && count <= DRAIN_LIMIT;) {
      const chunk = await connection.next();
      if (chunk === undefined) return false;
      const { used } = framing.take(chunk);
      if (used < chunk.length) return false;
      count += used;
    }
    return framing.ended;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
