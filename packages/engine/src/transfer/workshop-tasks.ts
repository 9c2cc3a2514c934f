import { parentPort } from 'node:worker_threads';
import { asDiskferryError } from '../base/errors.ts';
import { finishSegment, type RawSegment } from './finish-segment.ts';
import type { Answer } from './workshop.ts';

/** The other side of workshop.ts: one segment at a time, in shared memory. */
parentPort?.on('message', ({ id, raw }: { id: number; raw: RawSegment }) => {
  parentPort?.postMessage(answer(id, raw));
});

function answer(id: number, raw: RawSegment): Answer {
  try {
    return { id, finished: finishSegment(raw) };
  } catch (thrown) {
    const { code, message, offset } = asDiskferryError(thrown);
    return { id, failure: { code, message, offset } };
  }
}
