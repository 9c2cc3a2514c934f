import type { Check } from '@diskferry/protocol';
import type { CheckedImage, WorkerEvent } from '../../migrations/event.ts';
import type { Migration } from '../../migrations/migration.ts';
import { isAccepted, verdictOf } from '../../preflight/accepted.ts';
import { preflight } from '../../preflight/preflight.ts';
import type { PreflightReport } from '../../preflight/report.ts';
import { keepSights } from '../../preflight/sights.ts';
import { eventOf, Obstacle, PatienceLost, type Failure, type Remedy } from '../failures.ts';
import { holdAll } from '../holds.ts';
import { persist } from '../persist.ts';
import type { Work } from '../work.ts';
import { sceneOf } from './scene.ts';
import type { DoStage } from './stage.ts';

/** Locks, holds, and looks at everything that can be known before a byte is written. */
export const checking: DoStage = async (work) => {
  const { lease, shared, signal } = work;
  if (lease.migration.locks.length === 0) await lease.append({ kind: 'locked' });
  await persist(work, () => holdAll(shared.provider, lease.migration, signal));
  let checks: readonly Check[] = [];
  try {
    return await persist(work, async () => {
      const report = await look(work);
      checks = report.checks;
      return checkedBy(report, lease.migration);
    });
  } catch (error) {
    if (!(error instanceof Obstacle || error instanceof PatienceLost)) throw error;
    const event = eventOf(error.failure, { goesOn: true });
    return event.kind === 'wait-began' ? { ...event, checks } : event;
  }
};

async function look(work: Work): Promise<PreflightReport> {
  const { id, kind, images, options, createdBy: by } = work.lease.migration;
  const report = await preflight({ kind, images, options }, sceneOf(work, id));
  sayFound(work, report);
  await keepSights(work.shared.stores.images, { images, report, by, migration: id }, (text) => work.say('warn', text));
  return report;
}

function sayFound({ say }: Work, { checks }: PreflightReport): void {
  const told = checks.filter(({ verdict }) => verdict !== 'pass');
  say('info', `${checks.length - told.length} of ${checks.length} checks pass`);
  for (const { code, verdict, evidence } of told) {
    say(verdict === 'unknown' ? 'info' : 'warn', `check ${code}: ${verdict}: ${evidence}`);
  }
}

/** @throws Obstacle */
function checkedBy(report: PreflightReport, migration: Migration): WorkerEvent {
  const { blocked, unaccepted } = verdictOf(report, migration.options.accept);
  const [obstacle] = blocked.toSorted((a, b) => urgency(a) - urgency(b));
  if (obstacle !== undefined) throw new Obstacle(failureBy(obstacle, remedyOf(obstacle)));
  const images = migration.images.map((image, index) => checkedImage(report, image, index));
  const [warning] = [...unaccepted, ...unseen(report, migration.options.accept)];
  if (warning !== undefined) throw new Obstacle(failureBy(warning, { kind: 'wait', for: 'person' }));
  return { kind: 'checked', images, instanceRuns: report.instanceRuns, checks: report.checks };
}

/** This is the last look: what nobody could look at is overwritten only where a person has accepted that. */
function unseen({ checks }: PreflightReport, accept: readonly string[]): Check[] {
  return checks.filter((check) => {
    return check.code === 'target-overwritten' && check.verdict === 'unknown' && !isAccepted(check, accept);
  });
}

/** @throws Obstacle where it cannot be read just now, or is another object than the one that its disk began with */
function checkedImage(
  { images, checks }: PreflightReport,
  { content, identity: known }: Migration['images'][number],
  index: number,
): CheckedImage {
  const { identity = null, virtualSize: size = null } = images[index] ?? {};
  if (identity === null) {
    const unread = checks.find(({ image, verdict }) => image === index && verdict === 'unknown');
    const evidence = unread?.evidence ?? 'it could not be read';
    throw new Obstacle({
      code: unread?.code ?? 'link-readable',
      message: evidence,
      hint: unread?.remedy ?? '',
      remedy: AGAIN,
    });
  }
  const begun = content.kind === 'complete' || (content.kind === 'partly' && content.bytes > 0);
  if (!begun || known === identity) return { identity, size };
  throw new Obstacle({
    code: 'another-object',
    message: `another object lies at the link of image ${index}: it is ${identity}, and the disk began with ${known}`,
    hint: 'Replace the link by one to the object that the disk began with; or cancel the migration, and land the other object with a new one.',
    remedy: { kind: 'wait', for: 'link' },
  });
}

const AGAIN: Remedy = { kind: 'again', forEver: false };

/** What passes by itself is not asked of a person at once. */
const PASSING: readonly string[] = ['link-unreachable', 'volume-at-rest', 'instance-at-rest'];

function remedyOf({ code, waitsFor }: Check): Remedy {
  if (PASSING.includes(code)) return AGAIN;
  return { kind: 'wait', for: waitsFor === 'link' || waitsFor === 'credentials' ? waitsFor : 'person' };
}

/** What somebody has to do comes before what passes by itself. */
function urgency({ code }: Check): number {
  return PASSING.includes(code) ? 1 : 0;
}

function failureBy({ code, evidence, remedy, title }: Check, how: Remedy): Failure {
  return { code, message: `${title.replace(/\.$/, '')}: ${evidence}`, hint: remedy ?? '', remedy: how };
}
