import { instancesOf } from '../holds.ts';
import { persist } from '../persist.ts';
import { lastVersion } from '../work.ts';
import type { DoStage } from './stage.ts';

/** The key stands for this landing of the disks. */
export const starting: DoStage = async (work) => {
  const { lease, shared, signal, say } = work;
  const { migration } = lease;
  const landed = await lastVersion(work, ['transferred', 'verified']);
  for (const [turn, id] of instancesOf(migration).entries()) {
    const key = `${migration.id}.start.${landed}.${turn}`;
    await persist(work, () => shared.provider.startInstance(id, { key, holder: migration.id, signal }));
    say('info', `instance ${id} was started`);
  }
  shared.changed();
  return { kind: 'started' };
};
