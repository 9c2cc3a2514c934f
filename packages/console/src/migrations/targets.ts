import type { Migration } from '../service/service.ts';
import { useInstances, useVolumes } from '../service/places.ts';

/** What a person calls the things that a migration lands on; their ids where they are not there any more. */
export function useTargetNames(): (migration: Migration) => string {
  const instances = useInstances().data ?? [];
  const volumes = useVolumes().data ?? [];
  return ({ images }) => {
    const names = images.map(({ target: { volume, instance } }) => {
      const there = instances.find(({ id }) => id === instance)?.name ?? instance;
      return there ?? volumes.find(({ id }) => id === volume)?.name ?? volume;
    });
    return [...new Set(names)].join(', ');
  };
}
