import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

interface Frame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: Frame }[];
  readonly samples: readonly number[];
  /** Microseconds since the sample before. */
  readonly timeDeltas: readonly number[];
}

export interface Share {
  readonly name: string;
  readonly seconds: number;
}

const SHOWN = 25;

/** Self time of each function, the longest first; `(garbage collector)`, `(program)` and `(idle)` are V8's own names. */
export function selfTimes({ nodes, samples, timeDeltas }: Profile): Share[] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const micros = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? '(unknown)';
    micros.set(name, (micros.get(name) ?? 0) + (timeDeltas[index] ?? 0));
  }
  return [...micros].map(([name, time]) => ({ name, seconds: time / 1e6 })).toSorted((a, b) => b.seconds - a.seconds);
}

function nameOf({ functionName, url, lineNumber }: Frame): string {
  const place = url === '' ? '' : ` ${url.startsWith('node:') ? url : basename(url)}:${lineNumber + 1}`;
  return `${functionName === '' ? '(anonymous)' : functionName}${place}`;
}

if (import.meta.main) {
  for (const path of process.argv.slice(2)) {
    const shares = selfTimes(JSON.parse(await readFile(path, 'utf8')) as Profile);
    const total = shares.reduce((sum, { seconds }) => sum + seconds, 0);
    console.log(`${basename(path)}: ${total.toFixed(2)} s`);
    for (const { name, seconds } of shares.slice(0, SHOWN))
      console.log(`${seconds.toFixed(2).padStart(7)} s ${((100 * seconds) / total).toFixed(1).padStart(5)} % ${name}`);
  }
}
