import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { stopGuests } from './stop-guests.ts';

const ROOT = join(import.meta.dirname, '../../..');
const COMMAND = join(ROOT, 'packages', 'cli', 'bin', 'diskferry.js');
const START_MS = 30_000;

/** The service as a process of its own, on any free port, with its data in a folder of its own. */
export class StartedService implements AsyncDisposable {
  readonly address: string;
  readonly signInLink: string;
  readonly data: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, found: { address: string; signInLink: string; data: string }) {
    this.#child = child;
    this.address = found.address;
    this.signInLink = found.signInLink;
    this.data = found.data;
  }

  static async start(folder: string): Promise<StartedService> {
    const data = join(folder, 'data');
    const env = {
      ...process.env,
      DISKFERRY_CONFIG: '',
      DISKFERRY_DATA: data,
      DISKFERRY_PORT: '0',
      DISKFERRY_SOURCE_RANGES: '127.0.0.0/8',
      DISKFERRY_LOG_LEVEL: 'warn',
    };
    const child = spawn(process.execPath, [COMMAND, 'serve'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      return new StartedService(child, { ...(await saidBy(child)), data });
    } catch (error) {
      child.kill();
      throw error;
    }
  }

  /** Runs the command as a person would, and shows it. @throws Error where it does not end with 0 */
  async run(...args: readonly string[]): Promise<void> {
    process.stdout.write(`\n$ npx diskferry ${args.map(quoted).join(' ')}\n`);
    const child = spawn(process.execPath, [COMMAND, ...args], { env: this.#env(), stdio: 'inherit' });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`diskferry ${args.slice(0, 2).join(' ')} ended with ${code}`);
  }

  /** Runs the command, and shows nothing of it. @throws Error where it does not end with 0 */
  async check(...args: readonly string[]): Promise<void> {
    const child = spawn(process.execPath, [COMMAND, ...args], { env: this.#env(), stdio: 'ignore' });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`diskferry ${args.slice(0, 2).join(' ')} ended with ${code}`);
  }

  /** Runs the command, and gives what it answers with --json. */
  async ask<Answer>(...args: readonly string[]): Promise<Answer> {
    const child = spawn(process.execPath, [COMMAND, ...args, '--json'], {
      env: this.#env(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const chunks: Buffer[] = [];
    for await (const chunk of child.stdout) chunks.push(chunk as Buffer);
    return JSON.parse(Buffer.concat(chunks).toString()) as Answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGTERM');
      await once(this.#child, 'exit');
    }
    await stopGuests(join(this.data, 'local'));
  }

  #env(): NodeJS.ProcessEnv {
    return { ...process.env, DISKFERRY_CONFIG: '', DISKFERRY_DATA: this.data, DISKFERRY_SERVER: this.address };
  }
}

async function saidBy(child: ChildProcess): Promise<{ address: string; signInLink: string }> {
  if (child.stdout === null) throw new TypeError('the output of the service is needed');
  const timer = setTimeout(() => child.kill(), START_MS);
  let address = '';
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      address = /^Diskferry is at (\S+)/.exec(line)?.[1] ?? address;
      const signInLink = /(\S+\/sign-in#\S+)/.exec(line)?.[1];
      if (signInLink !== undefined) return { address, signInLink };
    }
  } finally {
    clearTimeout(timer);
  }
  throw new Error('the service did not start');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
