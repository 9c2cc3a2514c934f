import { describe, expect, it } from 'vitest';
import { requireSoundSettings } from './require-sound.ts';
import { DEFAULT_SETTINGS, type Limit, type Settings } from './settings.ts';

const night = { from: '22:00', to: '06:00', rate: null };
const limit = (changes: Partial<Limit> = {}): Limit => ({ rate: 1_000_000, windows: [night], ...changes });

function settings(changes: { global?: Limit; hosts?: Record<string, Limit>; concurrency?: object }): Settings {
  const { global = limit(), hosts = {}, concurrency = {} } = changes;
  return { bandwidth: { global, hosts }, concurrency: { ...DEFAULT_SETTINGS.concurrency, ...concurrency } };
}

describe('requireSoundSettings()', () => {
  it('takes the defaults, and limits with hosts, windows over midnight and no rate', () => {
    requireSoundSettings(DEFAULT_SETTINGS);
    requireSoundSettings(
      settings({ hosts: { 'h.example:8080': limit({ rate: null }), '[2001:db8::1]:9000': limit() } }),
    );
    requireSoundSettings(settings({ concurrency: { worker: 1000, host: 1, provider: 3 } }));
  });

  it.each([
    ['/bandwidth/global/rate', settings({ global: limit({ rate: 0 }) })],
    ['/bandwidth/global/rate', settings({ global: limit({ rate: Number.NaN }) })],
    ['/bandwidth/global/windows', settings({ global: limit({ windows: Array.from({ length: 49 }, () => night) }) })],
    [
      '/bandwidth/global/windows/1/from',
      settings({ global: limit({ windows: [night, { ...night, from: '24:00' }] }) }),
    ],
    ['/bandwidth/global/windows/0/to', settings({ global: limit({ windows: [{ ...night, to: '6:00' }] }) })],
    ['/bandwidth/global/windows/0/to', settings({ global: limit({ windows: [{ ...night, to: '22:00' }] }) })],
    ['/bandwidth/global/windows/0/rate', settings({ global: limit({ windows: [{ ...night, rate: 1.5 }] }) })],
    ['/bandwidth/hosts/a~1b~0', settings({ hosts: { 'a/b~': limit() } })],
    ['/bandwidth/hosts/', settings({ hosts: { '': limit() } })],
    ['/bandwidth/hosts/h/rate', settings({ hosts: { h: limit({ rate: -1 }) } })],
    [
      '/bandwidth/hosts',
      settings({ hosts: Object.fromEntries(Array.from({ length: 1001 }, (_, n) => [`h${n}`, limit()])) }),
    ],
    ['/concurrency/worker', settings({ concurrency: { worker: 0 } })],
    ['/concurrency/worker', settings({ concurrency: { worker: 1001 } })],
    ['/concurrency/host', settings({ concurrency: { host: 1.5 } })],
    ['/concurrency/provider', settings({ concurrency: { provider: 0 } })],
  ])('refuses what is wrong at %s', (at, wrong) => {
    expect(() => requireSoundSettings(wrong)).toThrow(expect.objectContaining({ code: 'invalid-request', at }));
  });
});
