import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { findGuest, identify, isGuest } from './process-identity.ts';

describe('the identity of a process', () => {
  it('is pid, start time and launch together, and ends with the process', async () => {
    const launch = randomUUID();
    const child = await started(['-name', launch]);
    try {
      const identity = (await identify(child.pid!))!;
      expect(identity.startTime).toMatch(/^\d+$/);
      expect(await isGuest(identity, launch)).toBe(true);
      expect(await isGuest(identity, randomUUID())).toBe(false);
      expect(await isGuest({ ...identity, startTime: `${Number(identity.startTime) + 1}` }, launch)).toBe(false);
      expect(await findGuest(launch)).toEqual(identity);
      child.kill('SIGKILL');
      await once(child, 'exit');
      expect(await isGuest(identity, launch)).toBe(false);
      expect(await findGuest(launch)).toBeUndefined();
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('is read also where the name of the program has blanks and parentheses', async () => {
    const child = await started([], "process.title = 'a) S (1 2';");
    try {
      const before = await identify(child.pid!);
      expect(before?.startTime).toMatch(/^\d{2,}$/);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('is not that of somebody who looks for it', async () => {
    const launch = randomUUID();
    const child = await started(['grep', launch]);
    try {
      expect(await isGuest((await identify(child.pid!))!, launch)).toBe(false);
      expect(await findGuest(launch)).toBeUndefined();
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('is nobody where there is no process', async () => {
    expect(await identify(2 ** 22 + 1)).toBeUndefined();
  });
});

/** A process that waits. */
async function started(args: readonly string[], first = ''): Promise<ChildProcess> {
  const program = `${first} console.log('here'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['-e', program, '--', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout!, 'data');
  return child;
}
