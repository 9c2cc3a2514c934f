import type { Meter } from '@diskferry/engine';
import type { LiveProgress, RemainingBasis } from '@diskferry/protocol';
import type { Samples } from './samples.ts';

/** Less of the past than this tells nothing about the future. */
const LEAST_SECONDS = 3;
/** Nothing goes on exactly as it went: so much sooner, or so much later. */
const SOONER = 0.8;
const LATER = 1.5;

/** The time left, as a range. */
export function remainingOf(meter: Meter, samples: Samples, afterwards: number): LiveProgress['remaining'] {
  const { rate, left, basis } = counted(meter, samples);
  if (left === undefined || !(rate > 0) || samples.seconds < LEAST_SECONDS) return null;
  const landed = samples.speed().landed;
  // Of the disks that follow nothing is known but the speed of this one.
  const more = afterwards > 0 && landed > 0 ? afterwards / landed : 0;
  const seconds = left / rate + more;
  return { low: Math.floor(seconds * SOONER), high: Math.ceil(seconds * LATER), basis };
}

interface Counted {
  readonly rate: number;
  readonly left: number | undefined;
  readonly basis: RemainingBasis;
}

/** What is counted: the object as it comes in where it goes by once, else the disk as it lands or is read back. */
function counted(meter: Meter, samples: Samples): Counted {
  const { stage, virtualSize, onePass, sourceSize } = meter;
  const { read, landed, verified } = samples.speed();
  if (stage === 'verifying') {
    return { rate: verified, left: leftOf(virtualSize, meter.verified), basis: 'read-back' };
  }
  if (onePass) return { rate: read, left: leftOf(sourceSize, meter.bytesRead), basis: 'object' };
  return { rate: landed, left: leftOf(virtualSize, meter.landed), basis: 'disk' };
}

function leftOf(all: number | undefined, done: number): number | undefined {
  return all === undefined ? undefined : Math.max(0, all - done);
}
