import type { Bytes, ByteStream } from '../../base/bytes.ts';
import { ForwardBytes } from '../forward-bytes.ts';
import type { Ends, Image, ImageFormat, Scan, ScanOptions } from '../image.ts';
import { scanByMap } from '../scan-map.ts';
import { openDynamic } from './dynamic.ts';
import { findFooter, frontFooter } from './find-footer.ts';
import { openFixed } from './fixed.ts';
import { scanFixed } from './fixed-scan.ts';
import { FOOTER_SIZE, footerLength, hasCookie } from './footer.ts';
import type { SizeRule } from './size-rule.ts';

/**
 * VHD (qemu calls it `vpc`), after Microsoft's Virtual Hard Disk Image Format Specification 1.0: fixed and dynamic
 * disks. Differencing disks are refused.
 */
export const vhd: ImageFormat = vhdWith({ size: 'footer' });

/** VHD with a choice of where its size is taken from: see `size-rule.ts`. */
export function vhdWith({ size: rule }: { readonly size: SizeRule }): ImageFormat {
  return {
    name: 'vhd',
    probe,
    open: (file, _around, signal) => openVhd(file, rule, signal),
    scan: (stream, how) => scanVhd(stream, how, rule),
  };
}

function probe({ head, tail, size }: Ends): boolean {
  if (hasCookie(head)) return true;
  return size !== undefined && hasCookie(tail.subarray(Math.max(0, tail.length - footerLength(size))));
}

async function openVhd(file: Bytes, rule: SizeRule, signal?: AbortSignal): Promise<Image> {
  const found = await findFooter(file, signal);
  return found.footer.kind === 'fixed' ? openFixed(file, found, rule) : openDynamic(file, found, rule, signal);
}

async function scanVhd(stream: ByteStream, how: ScanOptions, rule: SizeRule): Promise<Scan> {
  const front = new ForwardBytes(stream, how.fileSize);
  let dynamic: boolean;
  try {
    dynamic = hasCookie(await front.head(FOOTER_SIZE, how.signal));
  } catch (error) {
    await front[Symbol.asyncDispose]();
    throw error;
  }
  if (!dynamic) return scanFixed(front.rest(), how, { rule, footer: 'required' });
  return scanByMap(front.rest(), how, async (file) =>
    openDynamic(file, await frontFooter(file, how.signal), rule, how.signal),
  );
}
