import { type Opened } from '@diskferry/engine';
import { inspectGuest, inspectPassing, type GuestReport } from '@diskferry/engine/guest';
import type { Bounds, Inquiry } from './inquiry.ts';

/** What was found inside an image, or why it was not. */
export type GuestFound =
  | { readonly report: GuestReport; readonly isPacked: boolean }
  | { readonly report: undefined; readonly because: string };
/** `isSystem`: a system shall start from it. */
export type GuestLook = GuestFound & { readonly isSystem: boolean };

/** Reads little of it: of a packed image only the beginning. What cannot be read is no reason to stop. */
export async function lookAtGuest(
  { origin }: Opened,
  inquiry: Inquiry,
  { guestBytes, guestMs, isSystem }: Bounds & { readonly isSystem: boolean },
): Promise<GuestLook> {
  const limits = { bytes: guestBytes, milliseconds: guestMs };
  const onlyVolumes = !isSystem;
  const isPacked = origin.way !== 'ranges';
  const said = await inquiry.ask((signal) => {
    if (origin.way === 'ranges') return inspectGuest(origin.image, { limits, signal, onlyVolumes });
    return inspectPassing((stop) => origin.begin(stop), { limits, signal, onlyVolumes, wait: guestMs });
  });
  if ('value' in said) return { isSystem, report: said.value, isPacked };
  return { isSystem, report: undefined, because: said.failure.evidence };
}
