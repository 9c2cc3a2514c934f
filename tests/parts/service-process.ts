import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type ApiClient } from '@diskferry/protocol/client';
import { stopGuests } from '../../packages/server/testing/stop-guests.ts';
import { begin, diskferry, type Finished, type Running } from './command.ts';

export interface Start {
  /** The data folder: started again on it, it is the same service. */
  readonly data: string;
  readonly env?: Readonly<Record<string, string>>;
  /** `serve`, or a worker alone. */
  readonly verb?: 'serve' | 'worker';
}

const START_MS = 60_000;

/** Sources on the loopback are allowed; a lease is short, for what is killed is to go on soon. */
const USUAL = {
  DISKFERRY_PORT: '0',
  DISKFERRY_SOURCE_RANGES: '127.0.0.0/8',
  DISKFERRY_LEASE_SECONDS: '1',
} as const;

/** `diskferry serve` or `diskferry worker` as a process of its own, on any free port. Disposing it ends it in order. */
export class ServiceProcess implements AsyncDisposable {
  /** Empty for a worker alone. */
  readonly address: string;
  readonly data: string;
  readonly token: string;
  readonly client: ApiClient;
  readonly #running: Running;

  private constructor(running: Running, data: string, { address, token }: { address: string; token: string }) {
    this.#running = running;
    this.data = data;
    this.address = address;
    this.token = token;
    this.client = createClient({ baseUrl: address, token });
  }

  static async start({ data, env = {}, verb = 'serve' }: Start): Promise<ServiceProcess> {
    const running = begin([verb], { env: { ...USUAL, DISKFERRY_DATA: data, ...env } });
    const isReady =
      verb === 'serve'
        ? () => running.said.stdout.includes('/sign-in#')
        : () => running.said.stderr.includes('the worker is ready');
    try {
      await untilReady(running, isReady);
    } catch (error) {
      running.kill('SIGKILL');
      throw error;
    }
    const address = /^Diskferry is at (\S+)$/m.exec(running.said.stdout)?.[1] ?? '';
    const token = verb === 'serve' ? (await readFile(join(data, 'local-token'), 'utf8')).trim() : '';
    return new ServiceProcess(running, data, { address, token });
  }

  get pid(): number {
    return this.#running.pid;
  }

  get said(): Running['said'] {
    return this.#running.said;
  }

  /** Runs the command against it. */
  run(...args: readonly string[]): Promise<Finished> {
    return diskferry(args, { env: { DISKFERRY_DATA: this.data, DISKFERRY_SERVER: this.address } });
  }

  /** What the command answers with `--json`. @throws Error where it does not end with 0 */
  async ask<Answer>(...args: readonly string[]): Promise<Answer> {
    const { code, stdout, stderr } = await this.run(...args, '--json');
    if (code !== 0) throw new Error(`diskferry ${args.slice(0, 2).join(' ')} ended with ${code}: ${stderr}`);
    return JSON.parse(stdout) as Answer;
  }

  /** Settles when it has ended. */
  end(signal: NodeJS.Signals): Promise<Finished> {
    this.#running.kill(signal);
    return this.#running.finished;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGTERM');
    await stopGuests(join(this.data, 'local'));
  }
}

async function untilReady({ said, finished }: Running, isReady: () => boolean): Promise<void> {
  let ended: Finished | undefined;
  void finished.then((found) => (ended = found));
  for (const end = performance.now() + START_MS; !isReady(); await sleep(20)) {
    if (ended !== undefined) throw new Error(`it ended with ${ended.code} at its start: ${ended.stderr}`);
    if (performance.now() > end) throw new Error(`it did not start in time: ${said.stderr}`);
  }
}
