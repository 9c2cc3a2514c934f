import { DiskferryError } from '../../base/errors.ts';
import { answerFault } from './connection-error.ts';
import { Effort, type EffortOptions } from './effort.ts';
import type { AnswerHead, Headers } from './wire/answer-head.ts';
import type { Connection } from './wire/connection.ts';
import type { Framing } from './wire/framing.ts';
import { framingOf } from './wire/framing-of.ts';
import { drain, isWorthDraining, restAfter } from './wire/keep-alive.ts';
import type { Pool } from './wire/pool.ts';
import { readHead } from './wire/read-head.ts';
import { requestHead, type Request } from './wire/request-head.ts';

/** An answer of which the body is still to be read, and what it comes by. */
interface Answer {
  readonly head: AnswerHead;
  readonly framing: Framing;
  readonly connection: Connection;
}

/**
 * One GET and its answer: the head first, then the body as an async iterator over views of the very buffer that the
 * socket reads into, each valid until the next one is asked for. Whoever holds an exchange reads it to the end or calls
 * `cancel`.
 */
export class Exchange implements AsyncIterator<Uint8Array> {
  readonly url: URL;
  readonly #answer: Answer;
  readonly #pool: Pool;
  readonly #effort: Effort;
  #failure: { readonly error: unknown } | undefined;
  #isWaiting = false;
  #isOver = false;
  /** Bytes came that belong to no answer. */
  #isSpoiled = false;

  private constructor(url: URL, answer: Answer, how: { pool: Pool; effort: Effort }) {
    this.url = url;
    this.#answer = answer;
    this.#pool = how.pool;
    this.#effort = how.effort;
  }

  /** Sends the request and settles when the head of the answer is there. */
  static async begin(pool: Pool, request: Request, options: EffortOptions): Promise<Exchange> {
    options.signal?.throwIfAborted();
    const head = requestHead(request);
    const effort = new Effort(request.url.host, options);
    try {
      const answer = await ask(pool, { url: request.url, head }, effort);
      effort.watch.start('body');
      return new Exchange(request.url, answer, { pool, effort });
    } catch (error) {
      effort.end();
      throw error;
    }
  }

  get status(): number {
    return this.#answer.head.status;
  }

  get headers(): Headers {
    return this.#answer.head.headers;
  }

  header(name: string): string | undefined {
    const value = this.headers[name];
    if (!Array.isArray(value)) return value;
    throw new DiskferryError('source-answer', `${this.url.host} sends the header ${name} ${value.length} times`);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#failure !== undefined) throw this.#failure.error;
    try {
      const value = this.#isOver ? undefined : await this.#nextOfBody();
      if (value !== undefined) return { done: false, value };
    } catch (thrown) {
      const error = answerFault(thrown, this.url.host);
      this.#failure = { error };
      this.#close(error);
      throw error;
    }
    this.cancel();
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.cancel();
    return { done: true, value: undefined };
  }

  /** Gives up the rest of the answer; its connection too, unless the rest is short. */
  cancel(): void {
    if (this.#isOver) return;
    const { framing } = this.#answer;
    if (this.#isSpoiled || this.#isWaiting) this.#close(new Error('cancelled'));
    else if (framing.ended) this.#giveBack();
    else if (isWorthDraining(framing)) void this.#drain();
    else this.#close(new Error('cancelled'));
  }

  /** A piece of the body that is not empty, or undefined at its end. */
  async #nextOfBody(): Promise<Uint8Array | undefined> {
    const { connection, framing } = this.#answer;
    connection.throwIfGivenUp();
    while (!framing.ended) {
      this.#isWaiting = true;
      const chunk = await this.#effort.watch.during(connection.next()).finally(() => (this.#isWaiting = false));
      if (chunk === undefined) return this.#atEnd();
      const { body, used } = framing.take(chunk);
      this.#isSpoiled ||= used < chunk.length;
      if (framing.ended) this.#effort.watch.stop();
      if (body.length > 0) return body;
    }
    return undefined;
  }

  #atEnd(): undefined {
    if (this.#answer.framing.mayEndHere) return undefined;
    throw new DiskferryError('source-unreachable', `${this.url.host} ended in the middle of the body`);
  }

  async #drain(): Promise<void> {
    this.#over();
    const { connection, framing } = this.#answer;
    if (await drain(connection, framing)) this.#giveBack();
    else connection.fail(new Error('cancelled'));
  }

  #giveBack(): void {
    this.#over();
    this.#pool.give(this.#answer.connection, restAfter(this.#answer.head));
  }

  #close(error: unknown): void {
    this.#over();
    this.#answer.connection.fail(error);
  }

  #over(): void {
    this.#isOver = true;
    this.#effort.end();
  }
}

interface Ask {
  readonly url: URL;
  readonly head: Uint8Array;
}

/** A connection that served before may have been closed meanwhile: then once more, on one of its own. */
async function ask(pool: Pool, request: Ask, effort: Effort): Promise<Answer> {
  for (let fresh = false; ; fresh = true) {
    const connection = pool.take(request.url, { fresh });
    effort.hold(connection);
    try {
      return await askOn(connection, request, effort);
    } catch (error) {
      const { wentStale } = connection;
      connection.fail(error);
      if (!wentStale) throw answerFault(error, request.url.host);
    }
  }
}

async function askOn(connection: Connection, { url, head: sent }: Ask, effort: Effort): Promise<Answer> {
  effort.watch.start('connection');
  await connection.opened;
  effort.watch.start('head');
  connection.send(sent);
  const head = await readHead(connection, url.host);
  return { head, framing: framingOf(head), connection };
}
