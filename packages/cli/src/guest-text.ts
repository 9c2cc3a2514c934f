import { valueOf, type Fact, type GuestReport } from '@diskferry/engine/guest';
import type { GuestView } from './guest.ts';
import { formatBytes } from './units.ts';

type Line = readonly [name: string, value: string];

/** What lies on the disk, for people: what it is, then what has to be done about it. */
export function guestLines({ guest, checks, targetProfile }: GuestView): readonly Line[] {
  const { nature, table, warnings } = guest;
  const lines: Line[] = [
    ['disk', `${nature.kind}: ${nature.because}`],
    ['table', table.kind === 'none' ? 'no partition table' : `${table.kind}, sectors of ${table.sectorSize} bytes`],
    ...guest.volumes.map((volume): Line => [volume.place, volumeText(volume)]),
    ...systemLines(guest),
    ...warnings.map((text): Line => ['warning', text]),
  ];
  const passed = checks.filter(({ verdict }) => verdict === 'pass').length;
  lines.push(['checks', `for ${targetProfile}: ${passed} of ${checks.length} pass`]);
  for (const { verdict, code, evidence, remedy } of checks) {
    if (verdict === 'pass') continue;
    lines.push([verdict, `${evidence} [${code}]`]);
    if (verdict !== 'unknown') lines.push(['', `→ ${remedy}`]);
  }
  return lines;
}

function volumeText({ content, size, partition, unread }: GuestReport['volumes'][number]): string {
  const label = content?.label === undefined ? '' : ` "${content.label}"`;
  const used = content?.used === undefined ? '' : `, ${formatBytes(content.used)} used`;
  const states = content && content.states.length > 0 ? `, ${content.states.join(', ')}` : '';
  const what = content ? `${content.kind}${label}` : (partition?.use ?? 'nothing known');
  return `${what}, ${formatBytes(size)}${used}${states}${unread === null ? '' : ` (${unread})`}`;
}

function systemLines({ system, boot }: GuestReport): Line[] {
  if (!system) return [];
  const subvolume = system.subvolume === null ? '' : `, subvolume ${system.subvolume}`;
  const distribution = textOf(system.distribution, ({ name }) => name);
  const firmware = [
    ...(boot.bios.code === null ? [] : [`BIOS (${boot.bios.code})`]),
    ...((valueOf(boot.uefi)?.loaders.length ?? 0) > 0 ? ['UEFI'] : []),
  ];
  const entry = boot.entries[valueOf(boot.chosen) ?? -1];
  return [
    ['system', `${distribution}, ${textOf(system.architecture)}, on ${system.root}${subvolume}`],
    ['host name', textOf(system.hostname)],
    ['starts with', firmware.length > 0 ? firmware.join(' and ') : 'nothing that was found'],
    ...(system.family === 'linux'
      ? [['kernel', textOf(system.started, ({ version, image }) => version || image)] as const]
      : []),
    ...(entry ? [['arguments', entry.arguments] as const] : []),
    ...(system.windows ? windowsLines(system.windows) : []),
  ];
}

type WindowsFacts = NonNullable<NonNullable<GuestReport['system']>['windows']>;

/** Which drivers it has, and what each boot store starts. */
function windowsLines({ drivers, starts }: WindowsFacts): Line[] {
  const shownDrivers = textOf(drivers, (found) => {
    const there = Object.entries(found).filter(([, how]) => how !== 'absent');
    return there.map(([name, how]) => `${name} (${how})`).join(', ') || 'none of virtio';
  });
  const shownStarts = textOf(starts, (found) =>
    found
      .map(({ firmware, program, store, system }) => {
        return `${firmware}: ${program ?? 'nothing'}, by the BCD on ${store}, Windows on ${textOf(system)}`;
      })
      .join('; '),
  );
  return [
    ['drivers', shownDrivers],
    ['boot store', shownStarts || 'none was found'],
  ];
}

function textOf<Value>(fact: Fact<Value>, show: (value: Value) => string = String): string {
  return 'value' in fact ? show(fact.value) : `unknown (${fact.unknown})`;
}
