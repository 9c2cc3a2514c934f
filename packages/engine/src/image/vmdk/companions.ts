import type { Bytes } from '../../base/bytes.ts';
import { DiskferryError } from '../../base/errors.ts';
import type { Surroundings } from '../image.ts';
import type { Descriptor } from './descriptor.ts';
import { printable } from './extent-line.ts';

const NAMES_SHOWN = 8;

/**
 * The files that a descriptor lists, out of those that the caller gave. A name is never opened: only its base name is
 * compared, whatever path stands before it.
 * @throws DiskferryError `image-extent-missing` naming what was not given
 */
export async function findCompanions(
  descriptor: Descriptor,
  around: Surroundings,
): Promise<ReadonlyMap<string, Bytes>> {
  const found = new Map<string, Bytes>();
  const missing: string[] = [];
  for (const baseName of namesOf(descriptor)) {
    const file = await around.companion(baseName);
    if (file) found.set(baseName, file);
    else missing.push(baseName);
  }
  if (missing.length > 0) throw notGiven(missing);
  return found;
}

/** Two different files that have one base name cannot be told apart without their paths. */
function namesOf(descriptor: Descriptor): Iterable<string> {
  const written = new Map<string, string>();
  for (const extent of descriptor.extents) {
    if (extent.kind === 'zero') continue;
    const before = written.get(extent.baseName);
    if (before !== undefined && before !== extent.written) {
      const name = printable(extent.baseName);
      throw new DiskferryError(
        'image-unsupported',
        `VMDK descriptor: two extents in different folders are named ${name}`,
      );
    }
    written.set(extent.baseName, extent.written);
  }
  return written.keys();
}

function notGiven(missing: readonly string[]): DiskferryError {
  const names = missing.slice(0, NAMES_SHOWN).map(printable).join(', ');
  const more = missing.length > NAMES_SHOWN ? ` and ${missing.length - NAMES_SHOWN} more` : '';
  return new DiskferryError(
    'image-extent-missing',
    `the VMDK descriptor lists files that were not given: ${names}${more}`,
  );
}
