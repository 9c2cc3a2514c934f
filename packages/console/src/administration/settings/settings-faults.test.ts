import { describe, expect, it } from 'vitest';
import { draftOf, hostName, NEW_WINDOW, type SettingsDraft, settingsOf } from './settings-draft.ts';
import { faultsOf } from './settings-faults.ts';

const MIB = 2 ** 20;
const night = { from: '22:00', to: '06:00', rate: null };
const settings = {
  bandwidth: {
    global: { rate: 10 * MIB, windows: [night] },
    hosts: { 'files.example:8080': { rate: 2 * MIB, windows: [{ ...night, rate: 1.5 * MIB }] } },
  },
  concurrency: { worker: 2, host: null, provider: 3 },
};
const draft = draftOf(settings);
const limit = { rate: '', windows: [] };
const withHosts = (...names: string[]): SettingsDraft => ({ ...draft, hosts: names.map((name) => ({ name, limit })) });

describe('the draft of the settings', () => {
  it('says again what was read, with each host', () => {
    expect(faultsOf(draft)).toEqual({});
    expect(settingsOf(draft)).toEqual(settings);
  });

  it.each([
    [' Files.Example ', 'files.example'],
    ['https://Files.Example:8080/a/b?c', 'files.example:8080'],
    ['https://files.example:443/', 'files.example'],
    ['Images-125', 'images-125'],
  ])('takes %j for the host %s', (typed, name) => {
    expect(hostName(typed)).toBe(name);
    expect(Object.keys(settingsOf(withHosts(typed)).bandwidth.hosts)).toEqual([name]);
  });

  it('keeps a host whatever it is called', () => {
    expect(Object.keys(settingsOf(withHosts('__proto__')).bandwidth.hosts)).toEqual(['__proto__']);
  });
});

describe('faultsOf()', () => {
  const window = (changes: object): SettingsDraft => {
    return { ...draft, global: { rate: '', windows: [{ ...NEW_WINDOW, ...changes }] } };
  };

  it.each([
    [{ ...draft, global: { rate: '0', windows: [] } }, { 'global-rate': 'rate' }],
    [window({ from: '' }), { 'global-window-0-from': 'time' }],
    [window({ to: '24:00' }), { 'global-window-0-to': 'time' }],
    [window({ to: '22:00' }), { 'global-window-0-to': 'sameTime' }],
    [window({ rate: 'fast' }), { 'global-window-0-rate': 'rate' }],
    [withHosts(''), { 'host-0-name': 'hostName' }],
    [withHosts('a b'), { 'host-0-name': 'hostName' }],
    [withHosts('files.example/a'), { 'host-0-name': 'hostName' }],
    [withHosts('x'.repeat(256)), { 'host-0-name': 'hostName' }],
    [withHosts('a.example', 'https://A.example/'), { 'host-1-name': 'sameHost' }],
    [{ ...draft, hosts: [{ name: 'a', limit: { rate: '-1', windows: [] } }] }, { 'host-0-rate': 'rate' }],
    [{ ...draft, worker: '' }, { worker: 'count' }],
    [
      { ...draft, worker: '1001', host: '1.5' },
      { worker: 'count', host: 'countOrNone' },
    ],
    [{ ...draft, provider: '0' }, { provider: 'countOrNone' }],
  ] as const)('names what is wrong, case %#', (wrong, faults) => {
    expect(faultsOf(wrong as SettingsDraft)).toEqual(faults);
  });
});
