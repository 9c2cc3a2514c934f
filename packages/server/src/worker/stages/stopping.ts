import { ProviderError } from '../../providers/provider-error.ts';
import { instancesOf } from '../holds.ts';
import { persist } from '../persist.ts';
import { lastVersion } from '../work.ts';
import type { DoStage } from './stage.ts';

/** Every instance that a target belongs to is off afterwards. The key stands for this check of the migration. */
export const stopping: DoStage = async (work) => {
  const { lease, shared, signal, say } = work;
  const { migration } = lease;
  const graceMs = migration.options.runningInstance === 'force' ? 0 : shared.times.grace;
  const checked = await lastVersion(work, ['checked']);
  for (const [turn, id] of instancesOf(migration).entries()) {
    await persist(work, async () => {
      const key = `${migration.id}.stop.${checked}.${turn}`;
      const instance = await shared.provider.stopInstance(id, { key, holder: migration.id, graceMs, signal });
      if (instance.state === 'running') throw new ProviderError('guest-not-stopped', `${id} runs again`);
      say('info', `instance ${id} is off`);
    });
  }
  shared.changed();
  return { kind: 'stopped' };
};
