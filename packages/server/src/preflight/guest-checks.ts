import {
  GUEST_CHECKS,
  judgeGuest,
  TARGET_PROFILES,
  valueOf,
  type GuestFinding,
  type GuestReport,
} from '@diskferry/engine/guest';
import type { Check } from '@diskferry/protocol';
import type { Instance } from '../providers/provider.ts';
import { check, clean } from './check.ts';
import type { GuestLook } from './look-at-guest.ts';

/** What the rules of the engine say of a system at this instance: each with the code that it has there. */
export function judgeLook(look: GuestLook, instance: Instance | undefined, image: number): Check[] {
  const { report } = look;
  if (report === undefined) return [check('guest-inspected', 'unknown', image, look.because)];
  const findings = instance === undefined ? [] : findingsFor(report, instance);
  if (!look.isPacked) return [inspected(report, image), ...findings.map((found) => asCheck(found, image))];
  const unseen = findings.filter(({ verdict }) => verdict === 'unknown').map(({ code }) => code);
  const told = findings.filter(({ verdict }) => verdict !== 'unknown');
  const evidence = [report.warnings[0] ?? '', ...(unseen.length === 0 ? [] : [`not told: ${unseen.join(', ')}`])];
  return [
    check('guest-inspected', 'unknown', image, evidence.join('; ')),
    ...told.map((found) => asCheck(found, image)),
  ];
}

/** All providers there are give virtio; which firmware it is, is a matter of the instance. Nothing of a network is there. */
function findingsFor(report: GuestReport, { firmware }: Instance): readonly GuestFinding[] {
  const findings = judgeGuest(report, { ...TARGET_PROFILES.local, firmware: [firmware] });
  return findings.filter(({ code }) => !ABOUT_NETWORK.has(code));
}

const ABOUT_NETWORK = new Set(
  GUEST_CHECKS.filter(({ code, traits }) => {
    return code.startsWith('guest-network') || traits.includes('nic') || traits.includes('interfaceName');
  }).map(({ code }) => code),
);

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
