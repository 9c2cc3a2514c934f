import { valueOf, type Fact, type GuestReport, type SystemFacts, type VolumeFacts } from '@diskferry/engine/guest';
import type { GuestSummary, GuestSystem, GuestVolume } from '@diskferry/protocol';
import { clean } from './check.ts';

/** A table may have 256 partitions, and volume groups more: a person looks at the first ones. */
const MOST_VOLUMES = 64;
const MOST_WARNINGS = 16;
/** Of a filesystem: the longest that any of them allows is 256. */
const LONGEST_LABEL = 256;

/** What a person wants to see of a look inside. */
export function guestSummary({ nature, system, boot, table, volumes, warnings, cost }: GuestReport): GuestSummary {
  const bios = valueOf(boot.bios.complete) === true ? (['bios'] as const) : [];
  const uefi = (valueOf(boot.uefi)?.loaders.length ?? 0) > 0 ? (['uefi'] as const) : [];
  return {
    nature: nature.kind,
    because: clean(nature.because),
    system: system && systemOf(system),
    startsWith: [...bios, ...uefi],
    table: table.kind,
    volumes: volumes.slice(0, MOST_VOLUMES).map(volumeOf),
    warnings: warnings.slice(0, MOST_WARNINGS).map(clean),
    bytesRead: cost.bytes,
  };
}

function systemOf({ family, distribution, architecture, hostname, started, windows }: SystemFacts): GuestSystem {
  const version = windows && told(windows.version, (text) => text);
  return {
    family,
    name: version ?? told(distribution, ({ name }) => name),
    architecture: told(architecture, (text) => text),
    hostname: told(hostname, (text) => text),
    kernel: told(started, (kernel) => kernel.version),
  };
}

function told<Value>(fact: Fact<Value>, text: (value: Value) => string): string | null {
  const value = valueOf(fact);
  return value === undefined ? null : clean(text(value));
}

function volumeOf({ place, size, partition, content }: VolumeFacts): GuestVolume {
  return {
    place: clean(place),
    start: partition?.offset ?? (place === 'disk' ? 0 : null),
    size,
    content: content?.kind ?? null,
    label: content?.label === undefined ? null : clean(content.label).slice(0, LONGEST_LABEL),
    used: content?.used ?? null,
  };
}
