import { COUNTS_AT, SORTED_AT, STARTS_AT } from './layout';
import { CODE_BIT, NO_SYMBOL, POINTER, SPECIAL } from './symbols';

/** No code is longer (RFC 1951 section 3.2.7). */
const LONGEST: u32 = 15;

/** What the lengths of a code come to. */
const COMPLETE: u32 = 0;
/** One code of one bit, or none at all. */
const LONE: u32 = 1;
const NOTHING: u32 = 2;
const WRONG: u32 = 3;

/**
 * Builds the decode table of a canonical prefix code (RFC 1951 section 3.2.2) from the code lengths u8[count].
 * False for lengths that are no code, by zlib's rules: over-subscribed ones, and incomplete ones except two. A single
 * code of one bit is let pass with `loneAllowed`, no code at all always; the unused patterns become NO_SYMBOL. (Of a
 * code length code without codes, zlib reads lengths of 0, and refuses the block behind the last of them.)
 */
export function buildTable(
  table: usize,
  root: u32,
  lengths: usize,
  count: u32,
  symbols: usize,
  loneAllowed: bool,
): bool {
  countLengths(lengths, count);
  const sort = judge();
  if (sort == WRONG || (sort == LONE && !loneAllowed)) return false;
  sortSymbols(lengths, count);
  if (sort == COMPLETE) writeComplete(table, root, symbols);
  else writeIncomplete(table, root, symbols, sort);
  return true;
}

function countLengths(lengths: usize, count: u32): void {
  memory.fill(COUNTS_AT, 0, 64);
  for (let symbol: usize = 0; symbol < count; symbol++) {
    const at = COUNTS_AT + ((<usize>load<u8>(lengths + symbol)) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
}

/** `open`: how many codes of the length in turn are not taken by it or by a shorter one. */
function judge(): u32 {
  let open: i32 = 1;
  let used: u32 = 0;
  for (let length: u32 = 1; length <= LONGEST; length++) {
    const here = codesOf(length);
    open = (open << 1) - <i32>here;
    if (open < 0) return WRONG;
    used += here;
  }
  if (open == 0) return COMPLETE;
  if (used == 0) return NOTHING;
  return used == 1 && codesOf(1) == 1 ? LONE : WRONG;
}

function codesOf(length: u32): u32 {
  return load<u32>(COUNTS_AT + ((<usize>length) << 2));
}

function sortSymbols(lengths: usize, count: u32): void {
  let start: u32 = 0;
  for (let length: u32 = 1; length <= LONGEST; length++) {
    store<u32>(STARTS_AT + ((<usize>length) << 2), start);
    start += codesOf(length);
  }
  for (let symbol: u32 = 0; symbol < count; symbol++) {
    const length = load<u8>(lengths + symbol);
    if (!length) continue;
    const at = STARTS_AT + ((<usize>length) << 2);
    const place = load<u32>(at);
    store<u32>(at, place + 1);
    store<u16>(SORTED_AT + ((<usize>place) << 1), <u16>symbol);
  }
}

/**
 * Codes of up to `root` bits, shortest first, into a table that is doubled for each bit more: an entry is thus written
 * once and copied to all places that end in its code. Longer codes get tables of a second level behind it.
 */
function writeComplete(table: usize, root: u32, symbols: usize): void {
  let place: usize = SORTED_AT;
  let code: u32 = 0;
  let length: u32 = 1;
  while (!codesOf(length)) length++;
  for (; length <= root; length++) {
    for (let left = codesOf(length); left; left--) {
      store<u32>(table + ((<usize>code) << 2), meaningAt(place, symbols) + length * CODE_BIT);
      place += 2;
      code = following(code, length);
    }
    if (length < root) memory.copy(table + (4 << (<usize>length)), table, 4 << (<usize>length));
    // The last code of all is followed by none: `code` is 0 again, and no longer ones exist.
  }
  writeSecondLevel(table, root, symbols, place, code);
}

function writeSecondLevel(table: usize, root: u32, symbols: usize, from: usize, firstCode: u32): void {
  let longest = LONGEST;
  while (longest > root && !codesOf(longest)) longest--;
  if (longest == root) return;
  const bits = longest - root;
  const rootMask: u32 = (1 << root) - 1;
  let place = from;
  let code = firstCode;
  let prefix: u32 = u32.MAX_VALUE;
  let second: usize = table;
  let free: u32 = 1 << root;
  for (let length = root + 1; length <= longest; length++) {
    for (let left = codesOf(length); left; left--) {
      if ((code & rootMask) != prefix) {
        prefix = code & rootMask;
        store<u32>(table + ((<usize>prefix) << 2), (free << 18) | SPECIAL | POINTER | (bits << 8) | root);
        second = table + ((<usize>free) << 2);
        free += 1 << bits;
      }
      const entry = meaningAt(place, symbols) + (length - root) * CODE_BIT;
      for (let at = code >> root; at < <u32>(1 << bits); at += 1 << (length - root)) {
        store<u32>(second + ((<usize>at) << 2), entry);
      }
      place += 2;
      code = following(code, length);
    }
  }
}

/** The one code, if there is one, is 0: it has all even places. */
function writeIncomplete(table: usize, root: u32, symbols: usize, sort: u32): void {
  const entry = sort == LONE ? meaningAt(SORTED_AT, symbols) + CODE_BIT : NO_SYMBOL;
  const end = table + (4 << (<usize>root));
  for (let at = table; at < end; at += 8) {
    store<u32>(at, entry);
    store<u32>(at, NO_SYMBOL, 4);
  }
}

function meaningAt(place: usize, symbols: usize): u32 {
  return load<u32>(symbols + ((<usize>load<u16>(place)) << 2));
}

/**
 * The code after `code` of `length` bits, both with their bits reversed, as the stream has them lowest first (RFC 1951
 * section 3.1.1): the highest zero becomes one, the ones above it zero. A code that goes on with one bit more is the
 * same number, reversed. 0 after the last.
 */
function following(code: u32, length: u32): u32 {
  const zeros = ~code & ((1 << length) - 1);
  if (!zeros) return 0;
  const highest: u32 = 1 << (31 - clz<u32>(zeros));
  return (code & (highest - 1)) | highest;
}
