import { DiskferryError, type Opened } from '@diskferry/engine';
import {
  inspectGuest,
  inspectPassing,
  isTargetProfile,
  judgeGuest,
  TARGET_PROFILES,
  type GuestFinding,
  type GuestReport,
  type TargetProfile,
} from '@diskferry/engine/guest';

/** What lies on the disk inside an image, and what that means at a target. */
export interface GuestView {
  readonly targetProfile: TargetProfile;
  readonly guest: GuestReport;
  readonly checks: readonly GuestFinding[];
}

/** @throws DiskferryError `usage` */
export function targetProfile(name: string | undefined): TargetProfile {
  if (name === undefined) return 'generic-kvm';
  if (isTargetProfile(name)) return name;
  const known = Object.keys(TARGET_PROFILES).join(', ');
  throw new DiskferryError('usage', `--target-profile ${name} is not known: ${known}`);
}

export async function lookInside(opened: Opened, profile: TargetProfile, signal: AbortSignal): Promise<GuestView> {
  const { origin } = opened;
  const guest =
    origin.way === 'ranges'
      ? await inspectGuest(origin.image, { signal })
      : await inspectPassing((stop) => origin.begin(stop), { signal });
  return { targetProfile: profile, guest, checks: judgeGuest(guest, TARGET_PROFILES[profile]) };
}
