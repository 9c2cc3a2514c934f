import { isRate } from '../../ui/rate.ts';
import { hostName, type LimitDraft, type SettingsDraft } from './settings-draft.ts';

export type FaultName = 'rate' | 'time' | 'sameTime' | 'hostName' | 'sameHost' | 'count' | 'countOrNone';
export type Faults = Readonly<Record<string, FaultName>>;

/** As many as the service takes. */
export const MOST_WINDOWS = 24;
export const MOST_HOSTS = 1000;
const LONGEST_HOST = 255;
const MOST_AT_ONCE = 1000;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/** What is wrong, by the id of its field, in the order in which they stand on the page. */
export function faultsOf(draft: SettingsDraft): Faults {
  return {
    ...limitFaults('global', draft.global),
    ...hostFaults(draft),
    ...(isCount(draft.worker) ? {} : { worker: 'count' }),
    ...(isCountOrNone(draft.host) ? {} : { host: 'countOrNone' }),
    ...(isCountOrNone(draft.provider) ? {} : { provider: 'countOrNone' }),
  };
}

function hostFaults({ hosts }: SettingsDraft): Faults {
  const names = hosts.map(({ name }) => hostName(name));
  return Object.assign(
    {},
    ...hosts.map(({ limit }, index) => {
      const id = `host-${index}`;
      const name = names[index] ?? '';
      return {
        ...(isHost(name)
          ? names.indexOf(name) < index
            ? { [`${id}-name`]: 'sameHost' }
            : {}
          : { [`${id}-name`]: 'hostName' }),
        ...limitFaults(id, limit),
      };
    }),
  ) as Faults;
}

function limitFaults(id: string, { rate, windows }: LimitDraft): Faults {
  const faults: Record<string, FaultName> = {};
  if (!isRate(rate)) faults[`${id}-rate`] = 'rate';
  for (const [index, window] of windows.entries()) {
    const at = `${id}-window-${index}`;
    if (!TIME.test(window.from)) faults[`${at}-from`] = 'time';
    if (!TIME.test(window.to)) faults[`${at}-to`] = 'time';
    else if (window.from === window.to) faults[`${at}-to`] = 'sameTime';
    if (!isRate(window.rate)) faults[`${at}-rate`] = 'rate';
  }
  return faults;
}

function isHost(name: string): boolean {
  return name !== '' && name.length <= LONGEST_HOST && !/[\s/\p{Cc}]/u.test(name);
}

function isCount(text: string): boolean {
  const count = Number(text);
  return text.trim() !== '' && Number.isInteger(count) && count >= 1 && count <= MOST_AT_ONCE;
}

function isCountOrNone(text: string): boolean {
  return text.trim() === '' || isCount(text);
}
