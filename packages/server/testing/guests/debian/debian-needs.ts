import { hasTool } from '../../../../engine/testing/tools.ts';
import { missingForGuests } from '../guest-needs.ts';
import { debianMirror } from './mirror.ts';

/** For the names of tests that make a Debian. */
export const DEBIAN_NEEDS = '[needs mmdebstrap, the mirror of apt, qemu-system-x86, grub-pc-bin and fdisk]';

/** What stands in the way of making a Debian here and starting it; nothing where nothing does. */
export async function missingForDebian(): Promise<string[]> {
  const guests = await missingForGuests({ firmware: 'bios', layout: 'one', rootFs: 'ext4' });
  // Who is not root installs the packages in a user namespace, in which there are more users than one.
  const needed = process.getuid?.() === 0 ? ['mmdebstrap'] : ['mmdebstrap', 'newuidmap'];
  if (!needed.every(hasTool)) return [...guests, 'apt-get install --no-install-recommends mmdebstrap uidmap'];
  const mirror = await debianMirror();
  return mirror === undefined ? [...guests, 'apt-get update, where the mirror answers'] : guests;
}
