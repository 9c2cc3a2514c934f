import type { Schemas } from '../service/service.ts';
import { isRate, rateOf, rateText } from '../ui/rate.ts';

type Settings = Schemas['Settings'];

interface WindowDraft {
  readonly from: string;
  readonly to: string;
  readonly rate: string;
}

/** As it is typed. */
export interface SettingsDraft {
  readonly global: string;
  readonly windows: readonly WindowDraft[];
  readonly worker: string;
  readonly host: string;
  readonly provider: string;
}

export const NEW_WINDOW: WindowDraft = { from: '22:00', to: '06:00', rate: '' };

export function draftOf({ bandwidth, concurrency }: Settings): SettingsDraft {
  return {
    global: rateText(bandwidth.global.rate),
    windows: bandwidth.global.windows.map(({ from, to, rate }) => ({ from, to, rate: rateText(rate) })),
    worker: String(concurrency.worker),
    host: String(concurrency.host ?? ''),
    provider: String(concurrency.provider ?? ''),
  };
}

export function areRatesFine({ global, windows }: SettingsDraft): boolean {
  return isRate(global) && windows.every(({ rate }) => isRate(rate));
}

/** What this page does not show stays as it was. */
export function settingsOf(draft: SettingsDraft, before: Settings): Settings {
  const windows = draft.windows.map(({ from, to, rate }) => ({ from, to, rate: rateOf(rate) }));
  return {
    bandwidth: { ...before.bandwidth, global: { rate: rateOf(draft.global), windows } },
    concurrency: { worker: Number(draft.worker), host: countOf(draft.host), provider: countOf(draft.provider) },
  };
}

function countOf(text: string): number | null {
  return text.trim() === '' ? null : Number(text);
}
