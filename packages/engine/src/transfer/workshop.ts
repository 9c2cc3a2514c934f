import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { DiskferryError, type ErrorCode } from '../base/errors.ts';
import { type Finished, finishSegment, isQuick, type RawSegment } from './finish-segment.ts';

/** What a thread sends back. */
export type Answer = { readonly id: number } & (
  | { readonly finished: Finished }
  | { readonly failure: { readonly code: ErrorCode; readonly message: string; readonly offset: number | undefined } }
);

interface Task {
  readonly raw: RawSegment;
  readonly resolve: (finished: Finished) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly tasks: Map<number, Task>;
}

/** More threads than this only compete with the reading and the writing. */
const THREAD_LIMIT = 4;
/** A thread is kept busy by so many tasks: one that it does, one that waits for it. */
const QUEUE = 2;

/**
 * Threads that unpack, look for zeros and take digests, so that the thread which reads and writes never computes.
 * Buffers must be shared memory (`Buffers`): nothing is copied, and they are the thread's until the promise
 * settles. Threads are started when there is work for them, or will be.
 */
export class Workshop implements AsyncDisposable {
  readonly #limit: number;
  readonly #threads: Thread[] = [];
  readonly #waiting: Task[] = [];
  #nextId = 0;

  constructor(limit = Math.min(THREAD_LIMIT, availableParallelism())) {
    this.#limit = limit;
  }

  /** A segment will come that is not quick: a thread takes 0.1 s to start, and may do so while the segment is read. */
  expect(): void {
    if (this.#threads.length < this.#limit) this.#start();
  }

  async finish(raw: RawSegment): Promise<Finished> {
    const extents = raw.parcels.flatMap(({ parts }) => parts);
    if (isQuick(extents, raw.digested)) return finishSegment(raw);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ raw, resolve, reject });
      this.#dispatch();
    });
  }

  /** Ends the threads. Nothing may be under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #dispatch(): void {
    for (let thread = this.#free(); thread && this.#waiting.length > 0; thread = this.#free()) {
      const task = this.#waiting.shift() as Task;
      const id = this.#nextId++;
      thread.tasks.set(id, task);
      thread.worker.ref();
      thread.worker.postMessage({ id, raw: task.raw });
    }
  }

  /** A thread with room in its queue, else a new one, or none while all have enough to do. */
  #free(): Thread | undefined {
    const least = this.#threads.toSorted((a, b) => a.tasks.size - b.tasks.size)[0];
    if (least && least.tasks.size < QUEUE) return least;
    return this.#threads.length < this.#limit ? this.#start() : undefined;
  }

  #start(): Thread {
    const worker = new Worker(new URL('workshop-thread.js', import.meta.url));
    const thread: Thread = { worker, tasks: new Map() };
    worker.on('message', (answer: Answer) => this.#take(thread, answer));
    worker.on('error', (cause) => this.#lose(thread, cause));
    worker.unref();
    this.#threads.push(thread);
    return thread;
  }

  #take(thread: Thread, answer: Answer): void {
    const task = thread.tasks.get(answer.id);
    thread.tasks.delete(answer.id);
    if (thread.tasks.size === 0) thread.worker.unref();
    if ('finished' in answer) task?.resolve(answer.finished);
    else
      task?.reject(new DiskferryError(answer.failure.code, answer.failure.message, { offset: answer.failure.offset }));
    this.#dispatch();
  }

  #lose(thread: Thread, cause: unknown): void {
    for (const task of thread.tasks.values()) {
      task.reject(new DiskferryError('internal', 'a computing thread has died', { cause }));
    }
    thread.tasks.clear();
    this.#threads.splice(this.#threads.indexOf(thread), 1);
    this.#dispatch();
  }
}
