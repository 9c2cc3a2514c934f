import type { MigrationInput } from '@diskferry/protocol/schemas';
import { MACHINE, MiB, PLACE } from './local-cloud.ts';

export const VOLUME = { ...PLACE, name: 'data', size: 4 * MiB };
export const INSTANCE = { ...PLACE, ...MACHINE, name: 'web', systemSize: 8 * MiB };

/** A request that is sound, onto a volume that need not be there: what a preflight says is set by the test. */
export function migrationInput(changes: Partial<MigrationInput> = {}): MigrationInput {
  return {
    name: 'web server',
    kind: 'data',
    images: [{ source: { link: 'https://images.example/disk.qcow2' }, target: { volume: 'vol-1' } }],
    ...changes,
  };
}

/** Stands in links, keys and headers, and must stand nowhere else. */
export const PLANTED = 'pl4nted-s3cret';

export const PLANTED_SOURCE = {
  link: `https://ann:${PLANTED}@images.example/disk.qcow2?sig=${PLANTED}&part=1`,
  credentials: { accessKeyId: `AK${PLANTED}`, secretAccessKey: PLANTED, sessionToken: PLANTED },
  headers: { 'x-token': PLANTED },
};
