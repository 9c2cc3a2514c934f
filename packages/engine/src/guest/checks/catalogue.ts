import type { GuestReport } from '../report.ts';
import { BOOT_CHECKS } from './boot-checks.ts';
import { withoutNic, type GuestCheck, type GuestFinding, type Judgement } from './check.ts';
import { DISK_CHECKS } from './disk-checks.ts';
import { DRIVER_CHECKS } from './driver-checks.ts';
import { NETWORK_CHECKS } from './network-checks.ts';
import { SYSTEM_CHECKS } from './system-checks.ts';
import type { TargetTraits } from './target.ts';
import { WINDOWS_CHECKS } from './windows-checks.ts';

/** All rules, in the order in which a machine would meet them. */
export const GUEST_CHECKS: readonly GuestCheck[] = [
  ...DISK_CHECKS,
  ...BOOT_CHECKS,
  ...DRIVER_CHECKS,
  ...SYSTEM_CHECKS,
  ...NETWORK_CHECKS,
  ...WINDOWS_CHECKS,
];

/** What every rule that applies says about a disk at a target. */
export function judgeGuest(
  report: GuestReport,
  target: TargetTraits,
  volume: 'system' | 'data' = 'system',
): readonly GuestFinding[] {
  return GUEST_CHECKS.flatMap((check) => {
    if (volume === 'data' && check.systemOnly) return [];
    const judgement = judged(check, report, target);
    return judgement ? [{ code: check.code, ...judgement, remedy: check.remedy }] : [];
  });
}

function judged(check: GuestCheck, report: GuestReport, target: TargetTraits): Judgement | undefined {
  const judgement = check.judge(report, target);
  return judgement && target.nic === undefined && check.traits.includes('nic') ? withoutNic(judgement) : judgement;
}
