import { GUEST_CHECKS, judgeGuest, valueOf, type GuestFinding, type GuestReport } from '@diskferry/engine/guest';
import type { Check } from '@diskferry/protocol';
import type { Instance, Provider } from '../providers/provider.ts';
import { check, clean } from './check.ts';
import type { GuestFound } from './look-at-guest.ts';

/** Where a disk shall lie. */
export interface GuestPlace {
  readonly traits: Provider['traits'];
  /** Where a system shall start from it; undefined: it is a data volume, and only what counts for every disk is asked. */
  readonly instance: Pick<Instance, 'firmware'> | undefined;
}

/** What the rules of the engine say of a disk there, each with the code that it has there; undefined: nobody knows where. */
export function judgeLook(look: GuestFound, place: GuestPlace | undefined, image: number): Check[] {
  const { report } = look;
  if (report === undefined) return [check('guest-inspected', 'unknown', image, look.because)];
  const findings = place === undefined ? [] : findingsFor(report, place);
  if (!look.isPacked) return [inspected(report, image), ...findings.map((found) => asCheck(found, image))];
  const unseen = findings.filter(({ verdict }) => verdict === 'unknown').map(({ code }) => code);
  const told = findings.filter(({ verdict }) => verdict !== 'unknown');
  const evidence = [report.warnings[0] ?? '', ...(unseen.length === 0 ? [] : [`not told: ${unseen.join(', ')}`])];
  return [
    check('guest-inspected', 'unknown', image, evidence.join('; ')),
    ...told.map((found) => asCheck(found, image)),
  ];
}

/** A provider may have several kinds of firmware, an instance has one. */
function findingsFor(report: GuestReport, { traits, instance }: GuestPlace): readonly GuestFinding[] {
  if (instance === undefined) return judgeGuest(report, traits, 'data');
  return judgeGuest(report, { ...traits, firmware: [instance.firmware] });
}

function inspected({ nature, system, cost }: GuestReport, image: number): Check {
  const name = system === null ? undefined : valueOf(system.distribution)?.name;
  const what = name === undefined ? nature.because : `${name}: ${nature.because}`;
  return check('guest-inspected', 'pass', image, `${what}; ${cost.bytes} bytes were read`);
}

function asCheck({ code, verdict, evidence, remedy }: GuestFinding, image: number): Check {
  const title = titleOf(code);
  return { code, verdict, image, title, evidence: clean(evidence), remedy: verdict === 'pass' ? null : remedy };
}

const TITLES: ReadonlyMap<string, string> = new Map(GUEST_CHECKS.map(({ code, looksAt }) => [code, looksAt]));

/** What a rule looks at, as a sentence. */
function titleOf(code: string): string {
  const said = TITLES.get(code) ?? code;
  return `${said.slice(0, 1).toUpperCase()}${said.slice(1)}.`;
}
