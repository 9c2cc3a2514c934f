import { describe, expect, it } from 'vitest';
import { BOOT_FAILED, BOOTED, HALF_WAY, THE_REST } from '../../testing/lives.ts';
import { dataRequest, sampleRequest } from '../../testing/requests.ts';
import { advance, replay } from './advance.ts';
import type { MigrationEvent } from './event.ts';
import type { Migration, MigrationOptions } from './migration.ts';
import { newMigration } from './new-migration.ts';

const by = 'ann';
const LANDED = [...HALF_WAY, ...THE_REST.slice(0, -1)];
const FAILED: MigrationEvent = { kind: 'proved', proof: BOOT_FAILED };
const WAITS: MigrationEvent = { kind: 'wait-began', for: 'person', detail: 'boot-failed: it is in emergency mode' };

const start = (options: Partial<MigrationOptions> = {}) =>
  newMigration({
    kind: 'created',
    id: 'm-1',
    createdAt: 1,
    request: sampleRequest({ options: { proveBoot: 'auto', ...options } }),
  });
const after = (events: readonly MigrationEvent[], from = start()): Migration => events.reduce(advance, from);

describe('proving that the disks start', () => {
  it('comes when they are verified, and the instance is started then', () => {
    const proving = after(LANDED);
    expect(proving.standing).toEqual({ state: 'proving' });
    const proved = after([{ kind: 'proved', proof: BOOTED, screenshot: 'AAAA' }], proving);
    expect(proved).toMatchObject({ standing: { state: 'starting' }, bootProof: BOOTED });
    expect(JSON.stringify(proved)).not.toContain('AAAA');
    expect(after([{ kind: 'started' }], proved).standing).toEqual({ state: 'succeeded' });
    const unknown = { ...BOOTED, verdict: 'unknown', reached: 'nothing' } as const;
    const last = after([...LANDED, { kind: 'proved', proof: unknown }], start({ startAfterwards: false }));
    expect(last).toMatchObject({ standing: { state: 'succeeded' }, bootProof: unknown, locks: [] });
  });

  it('is left out where nobody asked for it, and in logs from before there was it', () => {
    expect(after(LANDED, start({ proveBoot: 'never' })).standing.state).toBe('starting');
    const { proveBoot: _new, ...options } = sampleRequest().options;
    const request = { ...sampleRequest(), options };
    const log = [{ kind: 'created', id: 'm-1', createdAt: 1, request } as const, ...HALF_WAY, ...THE_REST];
    expect(replay(log.map((event) => ({ event }))).standing).toEqual({ state: 'succeeded' });
  });

  it('is not for data, which does not start', () => {
    const data = newMigration({
      kind: 'created',
      id: 'm',
      createdAt: 1,
      request: dataRequest('d', { proveBoot: 'auto', verify: 'none' }),
    });
    const checked: MigrationEvent = { kind: 'checked', instanceRuns: false, images: [{ identity: 'a', size: 10 }] };
    const events: MigrationEvent[] = [{ kind: 'taken', worker: 'w' }, { kind: 'locked' }, checked];
    const landed: MigrationEvent[] = [
      { kind: 'write-began', image: 0 },
      { kind: 'landed', image: 0 },
      { kind: 'transferred' },
    ];
    expect(after([...events, ...landed], data).standing.state).toBe('succeeded');
    expect(() =>
      newMigration({ kind: 'created', id: 'm', createdAt: 1, request: dataRequest('d', { proveBoot: 'always' }) }),
    ).toThrow('only of an instance migration');
  });

  it('that fails waits for a person, who may let it go on; the disks stay as they are', () => {
    const failed = after([FAILED], after(LANDED));
    expect(failed).toMatchObject({ standing: { state: 'proving' }, bootProof: BOOT_FAILED });
    const waiting = after([WAITS], failed);
    expect(waiting.standing).toMatchObject({ state: 'waiting', for: 'person', returnsTo: 'proving' });
    const again = after(
      [
        { kind: 'resume-asked', by },
        { kind: 'taken', worker: 'w2' },
      ],
      waiting,
    );
    expect(after([FAILED], again).standing.state).toBe('proving');
    const accepted = after(
      [
        { kind: 'resume-asked', by, accept: ['boot-failed'] },
        { kind: 'taken', worker: 'w2' },
      ],
      waiting,
    );
    expect(after([FAILED], accepted)).toMatchObject({ standing: { state: 'starting' }, bootProof: BOOT_FAILED });
    expect(accepted.images.map(({ content }) => content.kind)).toEqual(['complete', 'complete']);
  });

  it('can be paused and cancelled, and goes on there', () => {
    const paused = after([...LANDED, { kind: 'pause-asked', by }, { kind: 'paused' }]);
    expect(paused.standing).toEqual({ state: 'paused', resumesTo: 'worker', returnsTo: 'proving' });
    const cancelled = after([...LANDED, { kind: 'cancel-asked', by }, { kind: 'cancelled', goesOn: true }]);
    expect(cancelled).toMatchObject({ standing: { state: 'cancelled', goesOn: true }, locks: [] });
    expect(() => after([...LANDED, { kind: 'bandwidth-changed', bandwidth: 5, by }])).toThrow('nothing is read');
  });

  it('is forgotten when other bytes land', () => {
    const failed = after([FAILED, WAITS, { kind: 'cancel-asked', by }, { kind: 'retry-asked', by }], after(LANDED));
    expect(failed).not.toHaveProperty('bootProof');
  });

  it('takes no evidence that is not fit to be kept, and belongs to its stage', () => {
    const proof = { ...BOOTED, evidence: ['\u001b[2J'] };
    expect(() => after([{ kind: 'proved', proof }], after(LANDED))).toThrow('not fit');
    expect(() =>
      after([{ kind: 'proved', proof: { ...BOOTED, evidence: Array(41).fill('x') } }], after(LANDED)),
    ).toThrow('not fit');
    expect(() => after([...HALF_WAY, { kind: 'proved', proof: BOOTED }])).toThrow('does not fit');
  });
});
