import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { attempt } from '../durable.ts';
import { type Folders, OUR_ID } from '../folders.ts';
import { findGuest } from '../guest/process-identity.ts';
import { LAUNCH } from './trial.ts';

const KILLED_MS = 10_000;
const POLL_MS = 50;

/** Ends the copies of a service that was killed: they would wait at a prompt for ever, with the disks locked. */
export async function sweepProofs(folders: Folders): Promise<void> {
  for (const id of await readdir(folders.proofs)) {
    if (!OUR_ID.test(id)) continue;
    const folder = folders.proof(id);
    const launch = await readFile(join(folder, LAUNCH), 'utf8').catch(() => '');
    if (launch.startsWith(`${id}.`)) await ended(launch);
    await attempt(folder, () => rm(folder, { recursive: true, force: true }));
  }
}

async function ended(launch: string): Promise<void> {
  for (const end = Date.now() + KILLED_MS; Date.now() < end; await sleep(POLL_MS)) {
    const found = await findGuest(launch);
    if (found === undefined) return;
    try {
      process.kill(found.pid, 'SIGKILL');
    } catch {
      // It has ended in between.
    }
  }
}
