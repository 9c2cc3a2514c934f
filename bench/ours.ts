import type { Entrant, Job } from './entrant.ts';
import { line } from './shell.ts';

export const OURS = 'diskferry';

/** The real command, as a user runs it: without verification, as the peers do, and as it is when nothing is said. */
export function ours({ command, profile }: { command: string; profile: string | undefined }): readonly Entrant[] {
  const copy = ({ location, target }: Job): string[] => {
    const recorded = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
    return [process.execPath, ...recorded, command, 'copy', location, target, '--create', '--json', '--quiet'];
  };
  return [
    { name: OURS, kind: 'ours', needs: [], command: (job) => line(...copy(job), '--verify', 'none') },
    { name: `${OURS} verified`, kind: 'ours', needs: [], command: (job) => line(...copy(job)) },
  ];
}
