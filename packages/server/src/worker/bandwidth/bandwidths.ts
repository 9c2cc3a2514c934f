import { Bandwidth } from '@diskferry/engine';
import { DEFAULT_SETTINGS, type Rate, type Settings } from '../../settings/settings.ts';
import { rateAt } from './rate-at.ts';

/** The limits that all copies of a worker share. They change while the copies run. */
export class Bandwidths {
  readonly #global = new Bandwidth();
  readonly #hosts = new Map<string, Bandwidth>();
  #settings = DEFAULT_SETTINGS.bandwidth;

  /** To be told often: the time of the day decides as well. */
  apply(settings: Settings['bandwidth'], now = new Date()): void {
    this.#settings = settings;
    setRate(this.#global, rateAt(settings.global, now));
    for (const [host, bandwidth] of this.#hosts) setRate(bandwidth, this.#rateOf(host, now));
  }

  /** What everything read from a host has to keep to. */
  forHost(host: string, now = new Date()): readonly Bandwidth[] {
    let bandwidth = this.#hosts.get(host);
    if (bandwidth === undefined) {
      bandwidth = new Bandwidth();
      setRate(bandwidth, this.#rateOf(host, now));
      this.#hosts.set(host, bandwidth);
    }
    return [this.#global, bandwidth];
  }

  #rateOf(host: string, now: Date): Rate {
    const { hosts } = this.#settings;
    const limit = Object.hasOwn(hosts, host) ? hosts[host] : undefined;
    return limit === undefined ? null : rateAt(limit, now);
  }
}

/** Setting the same rate again would cost nothing but the small credit that has gathered. */
export function setRate(bandwidth: Bandwidth, rate: Rate): void {
  if (bandwidth.rate !== (rate ?? undefined)) bandwidth.rate = rate ?? undefined;
}
