import { ascii, u32be } from '../../base/endian.ts';
import { alignUp } from '../../base/align.ts';
import { DiskferryError } from '../../base/errors.ts';
import type { Header } from './header.ts';

/** What a reader must know of the header extensions; the rest may be ignored ("Header extensions" of the spec). */
export interface Extensions {
  /** Names of incompatible feature bits, by bit. */
  readonly featureNames: ReadonlyMap<number, string>;
  readonly externalData: { readonly at: number; readonly name: string } | undefined;
  readonly encryption: { readonly at: number } | undefined;
  readonly bitmaps: boolean;
}

const TYPES = {
  end: 0,
  featureNames: 0x6803f857,
  bitmaps: 0x23852875,
  encryption: 0x0537be77,
  externalData: 0x44415441,
};
const FEATURE_NAME_SIZE = 48;

/** @param cluster the first cluster of the file, or what there is of it */
export function parseExtensions(cluster: Uint8Array, header: Header): Extensions {
  const featureNames = new Map<number, string>();
  let externalData: Extensions['externalData'];
  let encryption: Extensions['encryption'];
  let bitmaps = false;
  for (const { type, at, body } of walk(cluster, header)) {
    if (type === TYPES.featureNames) readFeatureNames(body, featureNames);
    else if (type === TYPES.externalData) externalData ??= { at, name: shownName(body) };
    else if (type === TYPES.encryption) encryption ??= { at };
    else if (type === TYPES.bitmaps) bitmaps = true;
  }
  return { featureNames, externalData, encryption, bitmaps };
}

interface Extension {
  readonly type: number;
  readonly at: number;
  readonly body: Uint8Array;
}

/** The area ends at its end mark, at the backing file's name, or with the first cluster. */
function* walk(cluster: Uint8Array, header: Header): Generator<Extension> {
  const end = Math.min(2 ** header.clusterBits, header.backingName?.offset ?? Number.MAX_SAFE_INTEGER);
  for (let at = header.headerLength; at + 8 <= end;) {
    if (at + 8 > cluster.length) throw cut(cluster.length);
    const type = u32be(cluster, at);
    const length = u32be(cluster, at + 4);
    if (type === TYPES.end) return;
    const next = at + 8 + alignUp(length, 8);
    if (at + 8 + length > end) {
      throw new DiskferryError('image-damaged', `a header extension of ${length} bytes leaves the area up to ${end}`, {
        offset: at,
      });
    }
    if (at + 8 + length > cluster.length) throw cut(cluster.length);
    yield { type, at, body: cluster.subarray(at + 8, at + 8 + length) };
    at = next;
  }
}

function readFeatureNames(body: Uint8Array, names: Map<number, string>): void {
  for (let at = 0; at + FEATURE_NAME_SIZE <= body.length; at += FEATURE_NAME_SIZE) {
    const bit = body[at + 1] ?? 0;
    const isIncompatible = body[at] === 0;
    if (isIncompatible && bit < 64) names.set(bit, printable(ascii(body, at + 2, FEATURE_NAME_SIZE - 2)));
  }
}

const SHOWN_LIMIT = 80;

/** A name out of an image, fit to be shown in a message: bounded, printable, in quotes. It is never opened. */
export function shownName(bytes: Uint8Array): string {
  const text = printable(Buffer.from(bytes.subarray(0, SHOWN_LIMIT)).toString('latin1'));
  return bytes.length > SHOWN_LIMIT ? `"${text}…"` : `"${text}"`;
}

function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]|"/g, '?');
}

function cut(length: number): DiskferryError {
  const message = `the header extensions are cut off after ${length} bytes`;
  return new DiskferryError('image-truncated', message, { offset: length });
}
