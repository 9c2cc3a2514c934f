import type { Entrant, Job } from './entrant.ts';
import { line, quote } from './shell.ts';

/** What people have at hand. Each entry is one way to land an image with other programs, spelled as one would type it. */
export const PEERS: readonly Entrant[] = [
  peer('curl + qemu-img', ['curl', 'qemu-img'], (job) => {
    if (!isServed(job) || job.which.wrapping !== 'none' || job.which.format === 'raw') return undefined;
    return `${line('curl', '-sSf', '-o', job.scratch, job.location)} && ${convert(job, { from: job.scratch, coroutines: 8 })}`;
  }),
  peer('qemu-img http', ['qemu-img'], (job) => {
    if (!isServed(job) || job.which.wrapping !== 'none') return undefined;
    return convert(job, { from: job.location, coroutines: 16 });
  }),
  peer('nbdkit + qemu-img', ['nbdkit', 'qemu-img'], (job) => {
    if (!isServed(job) || job.which.wrapping !== 'none') return undefined;
    const inner = convert(job, { from: '$uri', coroutines: 16 });
    return `${line('nbdkit', '-U', '-', 'curl', `url=${job.location}`)} --run ${quote(inner)}`;
  }),
  peer('curl + dd', ['curl', 'dd'], (job) => {
    if (!isServed(job) || job.which.wrapping !== 'none' || job.which.format !== 'raw') return undefined;
    return `${fetched(job)} | ${sparseInto(job)}`;
  }),
  ...['gzip', 'igzip', 'pigz'].map((tool) =>
    peer(`${tool} + dd`, ['curl', tool, 'dd'], (job) => {
      if (job.which.wrapping !== 'gz') return undefined;
      return `${fetched(job)} | ${tool} -dc | ${sparseInto(job)}`;
    }),
  ),
  ...['gzip', 'igzip'].map((tool) =>
    peer(`${tool} + tar + qemu-img`, ['curl', tool, 'tar', 'qemu-img'], (job) => {
      if (job.which.wrapping !== 'tar.gz') return undefined;
      return `${fetched(job)} | ${tool} -dc | tar -xO > ${job.scratch} && ${convert(job, { from: job.scratch, coroutines: 8 })}`;
    }),
  ),
  peer('qemu-img', ['qemu-img'], (job) => {
    if (isServed(job) || job.which.wrapping !== 'none') return undefined;
    return convert(job, { from: job.location, coroutines: 8 });
  }),
];

/** The same, which ends when the target would survive a power cut. Its name stays: goals speak of it. */
export function durable(entrant: Entrant): Entrant {
  const command = (job: Job): string | undefined => {
    const landing = entrant.command(job);
    return landing && `${landing} && ${line('sync', job.target)}`;
  };
  return { ...entrant, command };
}

function peer(name: string, needs: readonly string[], command: Entrant['command']): Entrant {
  return { name, kind: 'peer', needs, command };
}

function isServed({ which }: Job): boolean {
  return which.way !== 'file';
}

/** `$uri` is nbdkit's name for its own socket, which its shell fills in. */
function convert({ which, target }: Job, { from, coroutines }: { from: string; coroutines: number }): string {
  const source = from === '$uri' ? '"$uri"' : quote(from);
  return `qemu-img convert -m ${coroutines} -W -f ${which.format} -O raw ${source} ${quote(target)}`;
}

function fetched({ location }: Job): string {
  return line('curl', '-sSf', location);
}

/** Without `fullblock` dd would write the 64 KiB a pipe gives at once, and be slower for it. */
function sparseInto({ target }: Job): string {
  return line('dd', `of=${target}`, 'conv=sparse', 'bs=1M', 'iflag=fullblock', 'status=none');
}
