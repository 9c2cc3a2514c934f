import { open } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { once } from 'node:events';

/** The name of the socket in the folder of a guest. */
export const QMP_SOCKET = 'qmp.sock';

/** Answers to what is asked here have some hundred bytes. */
const LINE_LIMIT = 2 ** 20;

export type Execute = (command: string, args?: Readonly<Record<string, unknown>>) => Promise<unknown>;

/**
 * One conversation with the guest that listens in `folder` (QEMU Machine Protocol), after it has said that it is the one
 * with this name. Events are passed over.
 * @throws an Error where nobody answers in time, or another guest does
 */
export async function converse<Result>(
  { folder, name, signal }: { readonly folder: string; readonly name: string; readonly signal: AbortSignal },
  talk: (execute: Execute) => Promise<Result>,
): Promise<Result> {
  // The address of a socket has room for 107 bytes, and a data folder may lie deeper: the way over the open folder is short.
  await using opened = await open(folder, 'r');
  const socket = createConnection({ path: join('/proc/self/fd', String(opened.fd), QMP_SOCKET) });
  const abort = (): unknown => socket.destroy(signal.reason as Error);
  signal.addEventListener('abort', abort);
  try {
    if (signal.aborted) abort();
    await once(socket, 'connect');
    const execute = executor(socket);
    await execute('qmp_capabilities');
    const answer = (await execute('query-name')) as { name?: unknown };
    if (answer.name !== name) throw new Error(`the guest is ${String(answer.name)}, not ${name}`);
    return await talk(execute);
  } finally {
    signal.removeEventListener('abort', abort);
    socket.destroy();
  }
}

interface Answer {
  readonly id?: number;
  readonly return?: unknown;
  readonly error?: { readonly desc?: string };
}

function executor(socket: Socket): Execute {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let last = 0;
  let closed: Error | undefined;
  const fail = (error: Error): void => {
    closed ??= error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the guest closed the connection')));
  onLines(socket, (line) => {
    const answer = asAnswer(line);
    const asked = answer?.id === undefined ? undefined : waiting.get(answer.id);
    if (answer?.id === undefined || asked === undefined) return;
    waiting.delete(answer.id);
    if (answer.error === undefined) asked.resolve(answer.return);
    else asked.reject(new Error(answer.error.desc ?? 'refused'));
  });
  return (command, args) =>
    new Promise((resolve, reject) => {
      if (closed !== undefined) return reject(closed);
      const id = ++last;
      waiting.set(id, { resolve, reject });
      socket.write(`${JSON.stringify({ execute: command, arguments: args, id })}\n`);
    });
}

function onLines(socket: Socket, take: (line: string) => void): void {
  let rest = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
    if (rest.length > LINE_LIMIT) socket.destroy(new Error(`the guest sent a line of more than ${LINE_LIMIT} bytes`));
  });
}

function asAnswer(line: string): Answer | undefined {
  try {
    return JSON.parse(line) as Answer;
  } catch {
    return undefined;
  }
}
