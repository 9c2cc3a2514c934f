import type { Bytes } from '../../base/bytes.ts';
import { readBytes } from '../../base/bytes.ts';
import { asDiskferryError, DiskferryError } from '../../base/errors.ts';
import { FOOTER_SIZE, footerLength, hasCookie, parseFooter, type Footer } from './footer.ts';

/**
 * Finds the footer to go by. A fixed disk has it at its end only; a dynamic disk has it there and a copy in front, and
 * one good copy is enough: its checksum proves it. Two good ones that contradict each other are refused, because
 * nothing tells which is right. (qemu-img takes the front one, and gives up where it is broken.)
 */
export interface Found {
  readonly footer: Footer;
  /** Where the data of the disk must end: the footer at the end, if it is one, or the end of the file. */
  readonly dataEnd: number;
  readonly warnings: readonly string[];
}

type Copy = { readonly footer: Footer } | { readonly refusal: DiskferryError } | undefined;

/** @throws DiskferryError `image-not-recognised` without any footer, otherwise what is wrong with the ones there are */
export async function findFooter(file: Bytes, signal?: AbortSignal): Promise<Found> {
  const tailAt = Math.max(0, file.size - footerLength(file.size));
  const front = await copyAt(file, 0, signal);
  const back = tailAt >= FOOTER_SIZE ? await copyAt(file, tailAt, signal) : undefined;
  const { footer, warnings } = decide(front, back, file.size);
  return { footer, dataEnd: back ? tailAt : file.size, warnings };
}

/** The copy in front alone: for a file that passes by. @throws as findFooter */
export async function frontFooter(file: Bytes, signal?: AbortSignal): Promise<Found> {
  const footer = good(await copyAt(file, 0, signal), file.size);
  if (footer.kind === 'fixed') throw fixedInFront();
  return { footer, dataEnd: file.size, warnings: [] };
}

async function copyAt(file: Bytes, at: number, signal?: AbortSignal): Promise<Copy> {
  const bytes = new Uint8Array(FOOTER_SIZE);
  const stored = await readBytes(file, { offset: at, length: Math.min(FOOTER_SIZE, file.size - at) }, signal);
  if (!hasCookie(stored)) return undefined;
  bytes.set(stored);
  try {
    return { footer: parseFooter(bytes, at) };
  } catch (error) {
    return { refusal: asDiskferryError(error) };
  }
}

function decide(front: Copy, back: Copy, fileSize: number): Pick<Found, 'footer' | 'warnings'> {
  for (const copy of [front, back]) if (copy && 'refusal' in copy && isFinal(copy.refusal)) throw copy.refusal;
  const inFront = footerOf(front);
  const atEnd = footerOf(back);
  if (!inFront && !atEnd) return { footer: good(front ?? back, fileSize), warnings: [] };
  if (!front && atEnd?.kind === 'fixed') return { footer: atEnd, warnings: [] };
  if (inFront?.kind === 'fixed' || atEnd?.kind === 'fixed') throw fixedInFront();
  if (inFront && atEnd) return { footer: agreed(inFront, atEnd), warnings: [] };
  if (inFront) return { footer: inFront, warnings: [`the footer at the end of the VHD is ${stateOf(back)}`] };
  if (atEnd) return { footer: atEnd, warnings: [`the copy of the footer in front of the VHD is ${stateOf(front)}`] };
  throw new DiskferryError('internal', 'no footer was chosen');
}

/** What a copy with a good checksum says is meant, whatever the other copy says; so is that a disk is differencing. */
function isFinal({ code }: DiskferryError): boolean {
  return code !== 'image-checksum';
}

function footerOf(copy: Copy): Footer | undefined {
  return copy && 'footer' in copy ? copy.footer : undefined;
}

function stateOf(copy: Copy): string {
  return copy ? 'damaged; the other one is good' : 'missing; the other one is good';
}

function good(copy: Copy, fileSize: number): Footer {
  if (!copy) {
    const message = `no VHD footer at the end of the file (${fileSize} bytes), and no copy of one in front`;
    throw new DiskferryError('image-not-recognised', message, { offset: 0 });
  }
  if ('refusal' in copy) throw copy.refusal;
  return copy.footer;
}

function agreed(front: Footer, back: Footer): Footer {
  const same = front.currentSize === back.currentSize && front.dataOffset === back.dataOffset;
  if (same) return front;
  const sizes = `size ${front.currentSize} and header at ${front.dataOffset} in front`;
  const others = `size ${back.currentSize} and header at ${back.dataOffset} at the end`;
  throw new DiskferryError('image-damaged', `the two footers of the VHD differ: ${sizes}, ${others}`, { offset: 0 });
}

function fixedInFront(): DiskferryError {
  const message =
    'a VHD footer stands in front of a fixed VHD, where its disk begins: two disks in one file, or damage';
  return new DiskferryError('image-damaged', message, { offset: 0 });
}
