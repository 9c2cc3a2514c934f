import { giveBack } from './bits';
import { copyStoredBytes, endBlock, readBlockHeader, readStoredLength } from './block';
import { copyMatch, readDistance, readLitlen } from './careful';
import { readCodeLengths, readPrecodeLengths, readSymbolCounts } from './code-lengths';
import { BLOCK_ENDED, decodeFast, mayRunFast } from './fast';
import { SAVED_SIZE, STATE_AT } from './layout';
import {
  BLOCK_HEADER,
  CODE_LENGTHS,
  DISTANCE,
  END,
  LITLEN,
  MATCH,
  PRECODE_LENGTHS,
  refuse,
  REFUSED,
  regions,
  state,
  STORED_BYTES,
  STORED_LENGTH,
  SYMBOL_COUNTS,
} from './state';
import { FINISHED, GO_ON, NEEDS_INPUT } from './status';

/**
 * Decodes from the input region to the output region until one of them is used up, the final block has ended, or the
 * stream is refused; gives the status. How far it came stands in `inputPlace()` and `outputPlace()`.
 */
export function run(input: usize, inputEnd: usize, windowStart: usize, output: usize, outputEnd: usize): u32 {
  regions.inputStart = input;
  regions.input = input;
  regions.inputEnd = inputEnd;
  regions.windowStart = windowStart;
  regions.output = output;
  regions.outputEnd = outputEnd;
  let status = GO_ON;
  while (status == GO_ON) status = step();
  // Where input is needed, what was taken in belongs to an element that is not complete: it stays.
  if (status != NEEDS_INPUT) giveBack();
  return status;
}

export function inputPlace(): usize {
  return regions.input;
}

export function outputPlace(): usize {
  return regions.output;
}

function step(): u32 {
  switch (state.mode) {
    case BLOCK_HEADER:
      return readBlockHeader();
    case STORED_LENGTH:
      return readStoredLength();
    case STORED_BYTES:
      return copyStoredBytes();
    case SYMBOL_COUNTS:
      return readSymbolCounts();
    case PRECODE_LENGTHS:
      return readPrecodeLengths();
    case CODE_LENGTHS:
      return readCodeLengths();
    case LITLEN:
      return mayRunFast() ? runFast() : readLitlen();
    case DISTANCE:
      return readDistance();
    case MATCH:
      return copyMatch();
    case END:
      return FINISHED;
    case REFUSED:
      return state.fault;
    default:
      return unreachable();
  }
}

function runFast(): u32 {
  const result = decodeFast();
  if (result == GO_ON) return GO_ON;
  return result == BLOCK_ENDED ? endBlock() : refuse(result);
}

/** Makes ready for a new stream. The tables of fixed blocks, if they are there, stay. */
export function reset(): void {
  memory.fill(STATE_AT, 0, SAVED_SIZE);
}
