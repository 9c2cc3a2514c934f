import type { Schemas } from '@diskferry/protocol/client';
import { formatBytes } from '../units.ts';
import { factsOf, printable, tableOf } from './table.ts';

export function migrationsTable(migrations: readonly Schemas['Migration'][]): string {
  const rows = migrations.map((migration) => [
    migration.id,
    printable(migration.name),
    migration.kind,
    stateText(migration),
    shareText(migration),
    timeText(migration.createdAt),
    printable(migration.createdBy),
  ]);
  return tableOf(['ID', 'NAME', 'KIND', 'STATE', 'DONE', 'CREATED', 'BY'], rows, [4]);
}

/** All that a person wants to know of one. */
export function migrationText(migration: Schemas['Migration']): string {
  const { failure, waitDetail, asked } = migration;
  const facts: [string, string][] = [
    ['migration', `${printable(migration.name)} (${migration.id})`],
    ['kind', migration.kind],
    ['state', stateText(migration)],
    ...(waitDetail === null ? [] : [['waits for', printable(waitDetail)] as [string, string]]),
    ...(asked === null ? [] : [['asked', `${asked}; the worker has not stopped yet`] as [string, string]]),
    ...(failure === null ? [] : failureFacts(failure)),
    ...migration.images.flatMap((image, index) => imageFacts(image, index)),
    ...proofFacts(migration.bootProof),
    ['options', optionsText(migration)],
    ['created', `${timeText(migration.createdAt)} by ${printable(migration.createdBy)}`],
    [
      'you can',
      migration.actions
        .filter(({ allowed }) => allowed)
        .map(({ action }) => action)
        .join(', ') || 'nothing',
    ],
  ];
  if (migration.retryGoesOn !== null) {
    facts.push(['a retry', migration.retryGoesOn ? 'goes on from what is on the disk' : 'writes all of it again']);
  }
  return factsOf(facts);
}

/** What a copy of the disks has shown; where it did not come up, in its own words. */
function proofFacts(proof: Schemas['Migration']['bootProof']): [string, string][] {
  if (proof === null) return [];
  const { verdict, reached, seconds, accelerator, evidence } = proof;
  const lines = verdict === 'booted' ? [] : evidence;
  return [
    ['boot proof', `${verdict}: ${reached} after ${seconds} s (${accelerator})`],
    ...lines.map((line): [string, string] => ['', printable(line)]),
  ];
}

function failureFacts({ code, message, remedy }: NonNullable<Schemas['Migration']['failure']>): [string, string][] {
  return [
    ['failure', `${printable(message)} [${code}]`],
    ['remedy', printable(remedy)],
  ];
}

function imageFacts(
  { source, target, size, content }: Schemas['Migration']['images'][number],
  index: number,
): [string, string][] {
  const where = target.instance === null ? target.volume : `${target.volume} of ${target.instance}`;
  return [
    [`image ${index + 1}`, `${printable(source.link)} → ${where}${size === null ? '' : ` (${formatBytes(size)})`}`],
    ['  its disk', content.words],
  ];
}

function optionsText({ kind, options }: Schemas['Migration']): string {
  const { runningInstance, startAfterwards, verify, proveBoot, bandwidth, notBefore } = options;
  const isInstance = kind === 'instance';
  return [
    `verify ${verify}`,
    ...(isInstance ? [`a running instance: ${runningInstance}`] : []),
    ...(isInstance && proveBoot !== 'never' ? [`prove that it starts: ${proveBoot}`] : []),
    ...(startAfterwards ? ['start afterwards'] : []),
    ...(bandwidth === null ? [] : [`at most ${formatBytes(bandwidth)}/s`]),
    ...(notBefore === null ? [] : [`not before ${timeText(notBefore)}`]),
  ].join(', ');
}

export function stateText({ state, waitsFor }: Pick<Schemas['Migration'], 'state' | 'waitsFor'>): string {
  return waitsFor === null ? state : `${state}: ${waitsFor}`;
}

/** Rounded down: 100 % is said of what is done and of nothing else. */
export function shareText({ progress, state }: Pick<Schemas['Migration'], 'progress' | 'state'>): string {
  if (state === 'succeeded') return '100 %';
  return `${Math.min(99, Math.floor(progress.share * 100))} %`;
}

/** In the time zone of the terminal, to the second. */
export function timeText(time: number): string {
  const date = new Date(time - new Date(time).getTimezoneOffset() * 60_000);
  return date.toISOString().slice(0, 19).replace('T', ' ');
}
