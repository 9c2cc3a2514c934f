import { type LocalOptions, LocalProvider } from '../src/providers/local/local-provider.ts';

/** The cloud of the tests, also of the processes that they start and kill. */
export const MiB = 2 ** 20;
export const PLACE = { region: 'east', zone: 'east-1' } as const;
export const MACHINE = { firmware: 'bios', cpus: 1, memory: 64 * MiB } as const;
const REGIONS = [{ name: 'east', zones: ['east-1', 'east-2'] }] as const;

export function openLocal(folder: string, options: Partial<LocalOptions> = {}): Promise<LocalProvider> {
  return LocalProvider.open({ folder, regions: REGIONS, ...options });
}
