import { descriptorFault } from './xml.ts';

const LONGEST = 1024;

/**
 * The member that an href means. It is compared with names in the archive and never opened; all the same, whatever is
 * more than a plain file name is refused: a path, a parent, a scheme, an absolute name.
 * @throws DiskferryError `package-descriptor`
 */
export function memberNameOf(href: string): string {
  const name = decoded(href);
  const plain = name.length > 0 && name.length <= LONGEST && name !== '.' && name !== '..';
  // oxlint-disable-next-line no-control-regex -- these are what is refused
  if (!plain || /[/\\:\u0000-\u001f\u007f]/.test(name))
    throw descriptorFault('an href of the OVF descriptor is more than a file name');
  return name;
}

/** An href is a URI reference: ovftool writes a space as %20; other tools write it as it is. */
function decoded(href: string): string {
  try {
    return decodeURIComponent(href);
  } catch {
    return href;
  }
}
