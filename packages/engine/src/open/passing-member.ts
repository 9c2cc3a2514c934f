import type { ByteStream } from '../base/bytes.ts';
import { DiskferryError } from '../base/errors.ts';
import { PROBE_SIZE } from '../image/image.ts';
import type { Archive, PassingMember } from '../unpack/package.ts';
import { chooseMember, isNamed, listed, looksLikeDisk } from './choose-member.ts';
import type { Going, Level } from './level.ts';
import { StreamHandle } from './stream-handle.ts';

/** Members of an archive that goes by: which one is the disk shows on the way, whether it was the only one at the end. */
type PassArchive = Archive & { readonly pass: NonNullable<Archive['pass']> };

export function requirePass(archive: Archive, level: Level): PassArchive {
  if (archive.pass) return archive as PassArchive;
  throw new DiskferryError('source-no-ranges', `${level.name} is a ${archive.name}, which needs ranges to be read`);
}

/** Looks for the disk from the start of the archive and stops there. */
export async function findPassingMember(
  archive: PassArchive,
  level: Level,
  how: { wanted: string | undefined; signal?: AbortSignal | undefined },
): Promise<{ name: string; size: number }> {
  const handle = new StreamHandle(await level.open(how.signal));
  const seen: { name: string }[] = [];
  try {
    for await (const member of archive.pass(handle.stream, { signal: how.signal })) {
      if (how.wanted === undefined ? await isDisk(member) : isNamed(member.name, how.wanted)) {
        return { name: member.name, size: member.size };
      }
      seen.push({ name: member.name });
    }
  } finally {
    await handle.close();
  }
  if (how.wanted === undefined) return chooseMember<{ name: string; size: number }>(level.name, []);
  throw new DiskferryError('package-no-member', `${level.name} has no member ${how.wanted}; it has ${listed(seen)}`);
}

/**
 * The member's content. The rest of the archive is read as well: its end mark and the checksums of the wrapping count,
 * and where nobody chose, a second disk is an error: which one was meant is not for us to guess.
 */
export async function* passingMember(
  archive: PassArchive,
  level: Level,
  how: { name: string; chosen: boolean; signal?: AbortSignal | undefined; going?: Going | undefined },
): ByteStream {
  const handle = new StreamHandle(await level.open(how.signal, how.going));
  const disks: { name: string }[] = [];
  try {
    for await (const member of archive.pass(handle.stream, { signal: how.signal })) {
      if (disks.length === 0 && member.name === how.name) {
        disks.push({ name: member.name });
        yield* member.content;
      } else if (!how.chosen && (await isDisk(member))) disks.push({ name: member.name });
    }
    await handle.drain();
  } finally {
    await handle.close();
  }
  if (disks.length > 0) chooseMember(level.name, disks);
  else throw new DiskferryError('source-changed', `${how.name} is no longer in ${level.name}`);
}

async function isDisk(member: PassingMember): Promise<boolean> {
  const head = await new StreamHandle(member.content).head(PROBE_SIZE);
  return looksLikeDisk(member.name, { head, tail: new Uint8Array(0), size: member.size });
}
