import type { ByteStream } from '../../base/bytes.ts';
import { DiskferryError } from '../../base/errors.ts';
import { answerError } from './answer.ts';
import type { Exchange } from './exchange.ts';

/**
 * The body of an answer, counted: exactly `length` bytes, or an error. Undefined length: up to the end that the server
 * sets. Leaving it early gives up the connection.
 */
export async function* bodyOf(exchange: Exchange, length: number | undefined): ByteStream {
  let count = 0;
  try {
    for await (const chunk of exchange) {
      if (chunk.length === 0) continue;
      count += chunk.length;
      if (length !== undefined && count > length) {
        const good = chunk.subarray(0, chunk.length - (count - length));
        if (good.length > 0) yield good;
        throw answerError(exchange, `sends more than the ${length} bytes that were asked for`, 'now');
      }
      yield chunk;
    }
    if (length !== undefined && count < length) {
      const said = `${exchange.url.host} ended after ${count} of ${length} bytes`;
      throw new DiskferryError('source-unreachable', said);
    }
  } finally {
    exchange.cancel();
  }
}
