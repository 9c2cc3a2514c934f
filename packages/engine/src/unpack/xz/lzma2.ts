import type { ByteStream } from '../../base/bytes.ts';
import { u16be } from '../../base/endian.ts';
import { damaged, type Intake } from '../intake.ts';
import { LzmaDecoder } from './lzma.ts';
import { Window } from './window.ts';

/** Chunks of LZMA2 (xz-file-format 1.1.0 section 5.3.1; control bytes as in the LZMA SDK's Lzma2Dec). */
const END = 0;
const STORED_RESET = 1;
const STORED = 2;
const LZMA = 0x80;

const RESETS = ['no reset', 'state reset', 'new properties', 'dictionary reset'] as const;

/** What the data must bring before a chunk may do without it. */
interface Need {
  dictionary: boolean;
  properties: boolean;
  state: boolean;
}

/**
 * Decodes one LZMA2 stream and leaves `intake` behind its end mark. What it yields is a part of the window: valid until
 * the next chunk is asked for.
 */
export async function* lzma2Content(intake: Intake, dictionary: number): ByteStream {
  const window = new Window(dictionary);
  const lzma = new LzmaDecoder(window);
  const need: Need = { dictionary: true, properties: true, state: true };
  for (;;) {
    const at = intake.at;
    const control = (await intake.exactly(1, 'LZMA2 data'))[0] ?? 0;
    if (control === END) return;
    const chunk = { intake, window, lzma, need, control, at };
    const length = control >= LZMA ? await lzmaChunk(chunk) : await storedChunk(chunk);
    yield window.bytes.subarray(window.at - length, window.at);
  }
}

interface Chunk {
  readonly intake: Intake;
  readonly window: Window;
  readonly lzma: LzmaDecoder;
  readonly need: Need;
  readonly control: number;
  readonly at: number;
}

async function storedChunk({ intake, window, lzma, need, control, at }: Chunk): Promise<number> {
  if (control !== STORED && control !== STORED_RESET)
    throw damaged(`an LZMA2 chunk of the unknown kind ${control}`, at);
  if (control === STORED_RESET) resetDictionary(window, lzma, need);
  if (need.dictionary) throw damaged('the first LZMA2 chunk does not reset the dictionary', at);
  const length = u16be(await intake.exactly(2, 'an LZMA2 chunk'), 0) + 1;
  window.makeRoom(length);
  window.put(await intake.exactly(length, 'a stored LZMA2 chunk'));
  lzma.passed(length);
  return length;
}

async function lzmaChunk({ intake, window, lzma, need, control, at }: Chunk): Promise<number> {
  const reset = RESETS[(control >>> 5) & 3];
  if (reset === 'dictionary reset') resetDictionary(window, lzma, need);
  const brings = reset === 'new properties' || reset === 'dictionary reset';
  const head = await intake.exactly(brings ? 5 : 4, 'an LZMA2 chunk');
  const length = (((control & 0x1f) << 16) | u16be(head, 0)) + 1;
  const packed = u16be(head, 2) + 1;
  if (brings) {
    if (!lzma.setProperties(head[4] ?? 0)) throw damaged(`LZMA2 does not allow the LZMA properties ${head[4]}`, at);
    need.properties = false;
  }
  if (reset !== 'no reset') {
    lzma.resetState();
    need.state = false;
  }
  if (need.dictionary || need.properties || need.state) throw damaged('an LZMA2 chunk relies on what was not sent', at);
  window.makeRoom(length);
  if (!lzma.decode(await intake.exactly(packed, 'an LZMA2 chunk'), length))
    throw damaged('the LZMA data are damaged', at);
  return length;
}

function resetDictionary(window: Window, lzma: LzmaDecoder, need: Need): void {
  window.reset();
  lzma.resetPosition();
  need.dictionary = false;
  need.properties = true;
}
