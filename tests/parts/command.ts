import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

const ROOT = resolve(fileURLToPath(import.meta.url), '../../..');
const NODE = join(ROOT, 'node_modules/.bin/node');
const COMMAND = join(ROOT, 'packages/cli/bin/diskferry.js');

/** The object that `copy --json` prints. */
export interface CopyReport {
  readonly format: string;
  readonly layers: readonly { readonly kind: string; readonly name: string; readonly member?: string }[];
  readonly fileSize: number | null;
  readonly virtualSize: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  readonly bytesZeroed: number;
  readonly resumedBytes: number;
  readonly digest: string;
  readonly sha256?: string;
  readonly behind: string;
  readonly overwritten: string | null;
  readonly warnings: readonly string[];
  readonly seconds: number;
}

export interface Finished {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

export interface Running {
  readonly pid: number;
  /** So far. */
  readonly said: { readonly stdout: string; readonly stderr: string };
  readonly finished: Promise<Finished>;
  kill(signal: NodeJS.Signals): void;
}

export interface How {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Starts the real command in a process of its own: what a person types behind `diskferry`. */
export function begin(args: readonly string[], how: How = {}): Running {
  const begun = performance.now();
  const child = spawn(NODE, [COMMAND, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environment(), ...how.env },
    cwd: how.cwd,
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  const finished = new Promise<Finished>((done, failed) => {
    child.on('error', failed);
    child.on('close', (code, signal) => done({ code, signal, ...said, ms: performance.now() - begun }));
  });
  return { pid: child.pid as number, said, finished, kill: (signal) => void child.kill(signal) };
}

/** Runs it to its end. */
export function diskferry(args: readonly string[], how: How = {}): Promise<Finished> {
  return begin(args, how).finished;
}

/** The last line of standard output, as the object that it is. */
export function reportOf(finished: Finished): CopyReport {
  if (finished.code !== 0) throw new Error(`exit code ${finished.code ?? finished.signal}: ${finished.stderr}`);
  return JSON.parse(finished.stdout.trimEnd().split('\n').at(-1) ?? '') as CopyReport;
}

let ownFolder: string | undefined;
afterAll(async () => {
  if (ownFolder !== undefined) await rm(ownFolder, { recursive: true, force: true });
});

/**
 * The test's own environment without what could change the outcome: keys, configuration, state. Compiled code is kept
 * between the runs, which are many and short.
 */
function environment(): NodeJS.ProcessEnv {
  ownFolder ??= mkdtempSync(join(tmpdir(), 'diskferry-command-'));
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(AWS_|COS_|TENCENTCLOUD_|DISKFERRY_|NODE_)/.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    NODE_COMPILE_CACHE: join(ownFolder, 'code'),
    XDG_CONFIG_HOME: join(ownFolder, 'config'),
    XDG_STATE_HOME: join(ownFolder, 'state'),
  };
}
