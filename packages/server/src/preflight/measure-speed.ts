import { performance } from 'node:perf_hooks';
import type { Identified, Source } from '@diskferry/engine';
import type { Bounds, Inquiry } from './inquiry.ts';

/** Bytes a second, and what that rests on. */
export interface Speed {
  readonly rate: number;
  readonly basis: 'now' | 'earlier';
}

/** Reads a little from the start of the object, for a short time; undefined where that tells nothing. */
export async function measureSpeed(
  source: Source,
  identity: Identified,
  inquiry: Inquiry,
  bounds: Bounds,
): Promise<Speed | undefined> {
  const began = performance.now();
  const brief = new AbortController();
  const timer = setTimeout(() => brief.abort(), bounds.speedMs);
  const got = { bytes: 0 };
  const said = await inquiry.ask(async (signal) => {
    const both = AbortSignal.any([signal, brief.signal]);
    try {
      await read(source, { identity, limit: bounds.speedBytes, signal: both, got });
    } catch (error) {
      if (!brief.signal.aborted) throw error;
    }
  });
  clearTimeout(timer);
  const seconds = (performance.now() - began) / 1000;
  if ('failure' in said || got.bytes === 0) return undefined;
  return { rate: got.bytes / Math.max(seconds, 0.001), basis: 'now' };
}

async function read(
  source: Source,
  how: { identity: Identified; limit: number; signal: AbortSignal; got: { bytes: number } },
): Promise<void> {
  const { identity, limit, signal, got } = how;
  const length = Math.min(identity.size ?? limit, limit);
  const range = identity.ranged && identity.size !== undefined ? { range: { offset: 0, length } } : {};
  for await (const chunk of await source.stream({ ...range, expect: identity, signal })) {
    got.bytes += chunk.length;
    if (got.bytes >= limit) return;
  }
}
