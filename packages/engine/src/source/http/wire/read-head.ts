import { DiskferryError } from '../../../base/errors.ts';
import type { AnswerHead } from './answer-head.ts';
import type { Connection } from './connection.ts';
import { HeadGathering } from './head-gathering.ts';
import { ProtocolError } from './protocol-error.ts';

const INFORMATIONAL_LIMIT = 8;

/** Where a head comes from. Chunks are valid until the next one is asked for; `putBack` takes what is behind the head. */
type From = Pick<Connection, 'next' | 'putBack'>;

/**
 * The head of the final answer. Informational ones before it (RFC 9110, 15.2) are passed over.
 * @throws ProtocolError
 * @throws DiskferryError `source-unreachable` where the connection ends first; `source-timeout` where informational
 * answers do not come to an end
 */
export async function readHead(from: From, host: string): Promise<AnswerHead> {
  for (let informational = 0; ; informational++) {
    const head = await readOne(from, host);
    if (head.status === 101) throw new ProtocolError('it switches to another protocol');
    if (head.status >= 200) return head;
    if (informational === INFORMATIONAL_LIMIT) {
      const said = `sends more than ${INFORMATIONAL_LIMIT} informational answers instead of the one that was asked for`;
      throw new DiskferryError('source-timeout', `${host} ${said}`);
    }
  }
}

async function readOne(from: From, host: string): Promise<AnswerHead> {
  const gathering = new HeadGathering();
  for (;;) {
    const chunk = await from.next();
    if (chunk === undefined) {
      throw new DiskferryError('source-unreachable', `${host} closed the connection without an answer`);
    }
    const { used, head } = gathering.take(chunk);
    if (head === undefined) continue;
    from.putBack(chunk.subarray(used));
    return head;
  }
}
