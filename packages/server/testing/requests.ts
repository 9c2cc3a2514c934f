import type { MigrationRequest } from '../src/migrations/request.ts';

type Changes = Partial<Omit<MigrationRequest, 'options'>> & { readonly options?: Partial<MigrationRequest['options']> };

/** A link that needs nothing but itself. */
export const PLAIN_SOURCE = {
  credentials: null,
  checksum: null,
  format: null,
  member: null,
  region: null,
  endpoint: null,
  pathStyle: false,
} as const;

/** A sound request, with what a test cares about changed. */
export function sampleRequest({ options, ...changes }: Changes = {}): MigrationRequest {
  return {
    name: 'web server',
    by: 'ann',
    kind: 'instance',
    images: [sampleImage(0), sampleImage(1)],
    ...changes,
    options: {
      runningInstance: 'stop',
      startAfterwards: true,
      verify: 'written',
      proveBoot: 'never',
      bandwidth: null,
      notBefore: null,
      priority: 0,
      labels: [],
      accept: [],
      ...options,
    },
  };
}

export function sampleImage(index: number, instance: string | null = 'i-1'): MigrationRequest['images'][number] {
  return {
    source: { ...PLAIN_SOURCE, link: `https://images.example/disk-${index}.qcow2` },
    target: { volume: `${instance ?? 'none'}-vol-${index}`, instance },
  };
}

/** Lands on a volume of its own, so that several do not stand in each other's way. */
export function dataRequest(name: string, options: Partial<MigrationRequest['options']> = {}): MigrationRequest {
  const image = sampleImage(0, null);
  const target = { volume: `vol-${name}`, instance: null };
  return sampleRequest({
    name,
    kind: 'data',
    images: [{ ...image, target }],
    options: { startAfterwards: false, ...options },
  });
}
