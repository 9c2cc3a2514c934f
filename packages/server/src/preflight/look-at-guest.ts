import { type Opened } from '@diskferry/engine';
import { inspectGuest, inspectPassing, type GuestReport } from '@diskferry/engine/guest';
import type { Bounds, Inquiry } from './inquiry.ts';

/** What was found inside an image, or why it was not. */
export type GuestLook =
  | { readonly report: GuestReport; readonly isPacked: boolean }
  | { readonly report: undefined; readonly because: string };

/** Reads little of it: of a packed image only the beginning. What cannot be read is no reason to stop. */
export async function lookAtGuest(
  { origin }: Opened,
  inquiry: Inquiry,
  { guestBytes, guestMs }: Bounds,
): Promise<GuestLook> {
  const limits = { bytes: guestBytes, milliseconds: guestMs };
  const isPacked = origin.way !== 'ranges';
  const said = await inquiry.ask((signal) => {
    if (origin.way === 'ranges') return inspectGuest(origin.image, { limits, signal });
    return inspectPassing((stop) => origin.begin(stop), { limits, signal, wait: guestMs });
  });
  if ('value' in said) return { report: said.value, isPacked };
  return { report: undefined, because: said.failure.evidence };
}
