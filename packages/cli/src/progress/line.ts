import type { Meter } from '@diskferry/engine';
import { formatBytes, formatSeconds } from '../units.ts';
import type { Estimate } from './estimate.ts';

/** One line: stage, share and what of, bytes per stage, speed, time left. */
export function progressLine(meter: Meter, estimate: Estimate): string {
  const share = estimate.share === undefined ? '' : `${(estimate.share * 100).toFixed(1)} % ${estimate.basis}, `;
  const stages = [
    `read ${formatBytes(meter.bytesRead)}`,
    `written ${formatBytes(meter.bytesWritten)}`,
    ...(meter.bytesZeroed > 0 ? [`zeroed ${formatBytes(meter.bytesZeroed)}`] : []),
    ...(meter.verified > 0 ? [`verified ${formatBytes(meter.verified)}`] : []),
    `${formatBytes(estimate.rate)}/s`,
  ];
  const left = estimate.secondsLeft === undefined ? 'time left unknown' : `${formatSeconds(estimate.secondsLeft)} left`;
  return `${meter.stage}: ${share}${stages.join(', ')}, ${left}`;
}
