import type { LiveProgress, RemainingBasis } from '@diskferry/protocol';
import { formatBytes, formatSeconds } from '../units.ts';
import { printable } from './table.ts';

const BASES: Readonly<Record<RemainingBasis, string>> = {
  object: 'by what is left of the object',
  disk: 'by what is left of the disk',
  'read-back': 'by what is still to be read back',
};

/** One line: stage, bytes of each stage, speed, time left as a range with what it rests on, what it waits for most. */
export function liveLine({ stage, image, images, speed, remaining, bottleneck, stall }: LiveProgress): string {
  if (stall !== null) return stallText(stall);
  const shown = image === null ? undefined : images[image];
  const parts = [
    `${stage}${image !== null && images.length > 1 ? ` image ${image + 1} of ${images.length}` : ''}`,
    ...(shown ? bytesOf(shown) : []),
    ...(speed.landed > 0 ? [`${formatBytes(speed.landed)}/s`] : []),
    ...(remaining ? [`${rangeText(remaining)} left (${BASES[remaining.basis]})`] : []),
    ...(bottleneck ? [`bottleneck: ${bottleneck}`] : []),
  ];
  return parts.join(', ');
}

function bytesOf({ read, readOf, decoded, written, verified, landed, of }: LiveProgress['images'][number]): string[] {
  const share = of ? `${Math.floor((landed / of) * 1000) / 10} %, ` : '';
  const object = readOf === null ? formatBytes(read) : `${formatBytes(read)} of ${formatBytes(readOf)}`;
  return [
    `${share}read ${object}`,
    `decoded ${formatBytes(decoded)}`,
    `written ${formatBytes(written)}`,
    `verified ${formatBytes(verified)}`,
  ];
}

function rangeText({ low, high }: { low: number; high: number }): string {
  const [from, to] = [formatSeconds(low), formatSeconds(high)];
  return from === to ? from : `${from} to ${to}`;
}

function stallText({ code, message, since, nextTryAt }: NonNullable<LiveProgress['stall']>): string {
  const standing = formatSeconds((Date.now() - since) / 1000);
  const next =
    nextTryAt === null ? '' : `, tries again in ${formatSeconds(Math.max(0, (nextTryAt - Date.now()) / 1000))}`;
  return `stands still for ${standing}: ${printable(message)} [${code}]${next}`;
}
