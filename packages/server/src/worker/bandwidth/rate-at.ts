import type { Limit, Rate, RateWindow } from '../../settings/settings.ts';

/** The rate that holds at a moment: that of the first window which contains it, by the clock of this machine. */
export function rateAt({ rate, windows }: Limit, moment: Date): Rate {
  const minute = moment.getHours() * 60 + moment.getMinutes();
  const window = windows.find((one) => contains(one, minute));
  return window === undefined ? rate : window.rate;
}

/** From `from` up to, but without, `to`. Both the same is the whole day. */
function contains({ from, to }: RateWindow, minute: number): boolean {
  const [begin, end] = [minuteOf(from), minuteOf(to)];
  return begin < end ? minute >= begin && minute < end : minute >= begin || minute < end;
}

function minuteOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}
