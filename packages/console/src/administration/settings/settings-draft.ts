import type { Schemas } from '../../service/service.ts';
import { rateOf, rateText } from '../../ui/rate.ts';

type Settings = Schemas['Settings'];
type Limit = Schemas['Limit'];

export interface WindowDraft {
  readonly from: string;
  readonly to: string;
  readonly rate: string;
}

export interface LimitDraft {
  readonly rate: string;
  readonly windows: readonly WindowDraft[];
}

export interface HostDraft {
  readonly name: string;
  readonly limit: LimitDraft;
}

/** As it is typed. */
export interface SettingsDraft {
  readonly global: LimitDraft;
  readonly hosts: readonly HostDraft[];
  readonly worker: string;
  readonly host: string;
  readonly provider: string;
}

export const NEW_WINDOW: WindowDraft = { from: '22:00', to: '06:00', rate: '' };
export const NEW_HOST: HostDraft = { name: '', limit: { rate: '', windows: [] } };

export function draftOf({ bandwidth, concurrency }: Settings): SettingsDraft {
  return {
    global: limitDraftOf(bandwidth.global),
    hosts: Object.entries(bandwidth.hosts)
      .map(([name, limit]) => ({ name, limit: limitDraftOf(limit) }))
      .toSorted((a, b) => a.name.localeCompare(b.name)),
    worker: String(concurrency.worker),
    host: String(concurrency.host ?? ''),
    provider: String(concurrency.provider ?? ''),
  };
}

function limitDraftOf({ rate, windows }: Limit): LimitDraft {
  return {
    rate: rateText(rate),
    windows: windows.map(({ from, to, rate: its }) => ({ from, to, rate: rateText(its) })),
  };
}

/** Of a draft without faults. */
export function settingsOf({ global, hosts, worker, host, provider }: SettingsDraft): Settings {
  return {
    bandwidth: {
      global: limitOf(global),
      hosts: Object.fromEntries(hosts.map(({ name, limit }) => [hostName(name), limitOf(limit)])),
    },
    concurrency: { worker: Number(worker), host: countOf(host), provider: countOf(provider) },
  };
}

function limitOf({ rate, windows }: LimitDraft): Limit {
  return { rate: rateOf(rate), windows: windows.map(({ from, to, rate: its }) => ({ from, to, rate: rateOf(its) })) };
}

/** Hosts and buckets are compared in small letters; of a whole link its host is meant. */
export function hostName(typed: string): string {
  const name = typed.trim().toLowerCase();
  if (!/^https?:\/\//.test(name) || !URL.canParse(name)) return name;
  return new URL(name).host;
}

function countOf(text: string): number | null {
  return text.trim() === '' ? null : Number(text);
}
