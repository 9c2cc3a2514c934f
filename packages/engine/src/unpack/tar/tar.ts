import type { ByteStream } from '../../base/bytes.ts';
import type { Archive, PassingMember, UnpackOptions } from '../package.ts';
import { looksLikeHeader } from './header.ts';

/** tar: ustar, pax and GNU, sparse members of all versions. By range nothing is unpacked: a member is a slice. */
export const tar: Archive = {
  kind: 'archive',
  name: 'tar',
  probe: looksLikeHeader,
  list: async (file, signal) => (await import('./read-tar.ts')).listTar(file, signal),
  pass,
};

async function* pass(stream: ByteStream, options?: UnpackOptions): AsyncIterable<PassingMember> {
  const { passTar } = await import('./read-tar.ts');
  yield* passTar(stream, options);
}
