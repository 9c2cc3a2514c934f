/** Reading the system inside an image: a door of its own, for a copy needs none of its hundred files. */
export { GUEST_CHECKS, judgeGuest } from './checks/catalogue.ts';
export type { GuestFinding, GuestVerdict } from './checks/check.ts';
export { isTargetProfile, TARGET_PROFILES, type TargetProfile, type TargetTraits } from './checks/target.ts';
export { inspectGuest, type InspectOptions } from './inspect-guest.ts';
export { inspectPassing } from './inspect-passing.ts';
export { valueOf, type Fact, type GuestReport, type SystemFacts, type VolumeFacts } from './report.ts';
