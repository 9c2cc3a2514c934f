import { ServiceError } from '../base/errors.ts';
import { isPrintable } from '../base/printable.ts';
import type { Limit, Rate, Settings } from './settings.ts';

const MOST_HOSTS = 1000;
const MOST_WINDOWS = 48;
const MOST_AT_ONCE = 1000;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/** @throws ServiceError `invalid-request`, with the place that is wrong */
export function requireSoundSettings({ bandwidth, concurrency }: Settings): void {
  requireLimit('/bandwidth/global', bandwidth.global);
  const hosts = Object.entries(bandwidth.hosts);
  if (hosts.length > MOST_HOSTS) refuse('/bandwidth/hosts', `${hosts.length} hosts; at most ${MOST_HOSTS} are allowed`);
  for (const [host, limit] of hosts) {
    const at = `/bandwidth/hosts/${host.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const named = host.length > 0 && host.length <= 300 && isPrintable(host) && !/[\s/]/.test(host);
    if (!named) refuse(at, 'a host is a name, with its port where that is not the usual one');
    requireLimit(at, limit);
  }
  requireCount('/concurrency/worker', concurrency.worker);
  if (concurrency.host !== null) requireCount('/concurrency/host', concurrency.host);
  if (concurrency.provider !== null) requireCount('/concurrency/provider', concurrency.provider);
}

function requireLimit(at: string, { rate, windows }: Limit): void {
  requireRate(`${at}/rate`, rate);
  if (windows.length > MOST_WINDOWS) {
    refuse(`${at}/windows`, `${windows.length} windows; at most ${MOST_WINDOWS} are allowed`);
  }
  for (const [index, { from, to, rate: within }] of windows.entries()) {
    for (const [name, time] of Object.entries({ from, to })) {
      if (!TIME.test(time))
        refuse(`${at}/windows/${index}/${name}`, `${JSON.stringify(time)} is not a time as in 08:30`);
    }
    if (from === to) refuse(`${at}/windows/${index}/to`, 'a window begins and ends at the same time');
    requireRate(`${at}/windows/${index}/rate`, within);
  }
}

function requireRate(at: string, rate: Rate): void {
  if (rate === null || (Number.isSafeInteger(rate) && rate >= 1)) return;
  refuse(at, `a rate of ${rate}; bytes a second from 1 on, or null, are allowed`);
}

function requireCount(at: string, count: number): void {
  if (Number.isInteger(count) && count >= 1 && count <= MOST_AT_ONCE) return;
  refuse(at, `${count} at once; whole numbers from 1 to ${MOST_AT_ONCE} are allowed`);
}

function refuse(at: string, why: string): never {
  throw new ServiceError('invalid-request', `${at}: ${why}`, { at });
}
