import { MIGRATION_ACTIONS } from '@diskferry/protocol';
import { describe, expect, it } from 'vitest';
import { dataRequest } from '../../../testing/requests.ts';
import { advance } from '../../migrations/advance.ts';
import type { MigrationEvent } from '../../migrations/event.ts';
import { newMigration } from '../../migrations/new-migration.ts';
import { eventView } from './event-view.ts';
import { migrationView } from './migration-view.ts';

const CREATED = newMigration({ kind: 'created', id: 'm-1', createdAt: 1, request: dataRequest('a') });
const LIFE: readonly MigrationEvent[] = [
  { kind: 'taken', worker: 'w' },
  { kind: 'locked' },
  { kind: 'checked', images: [{ identity: '"e"', size: 1000 }], instanceRuns: false },
  { kind: 'write-began', image: 0 },
  { kind: 'progressed', image: 0, bytes: 615 },
];
const after = (...more: MigrationEvent[]) => [...LIFE, ...more].reduce(advance, CREATED);

describe('migrationView()', () => {
  it('says what the disk holds in words, and how far it is', () => {
    const view = migrationView(after(), 'en');
    expect(view.images[0]?.content).toEqual({
      kind: 'partly',
      bytes: 615,
      of: 1000,
      share: 0.615,
      verified: false,
      words: 'partly written: 61 %; the old content is gone',
    });
    expect(view.progress).toEqual({ done: 615, total: 1000, share: 0.615 });
    expect(migrationView(CREATED, 'zh').images[0]?.content.words).toBe('尚未写入：原有内容仍在');
    expect(migrationView(after(), 'ja').images[0]?.content.words).toBe(
      '61 % まで書き込み済み: 元の内容は失われています',
    );
  });

  it('has the newest checks: of the worker, and until then of the request', () => {
    const check = { code: 'disk-fits', verdict: 'pass', image: 0, title: 'x', evidence: 'old', remedy: null } as const;
    const basis = { bytes: 1, rate: 1, from: 'now', limit: null, diskRate: 1 } as const;
    const forecast = { seconds: { low: 1, high: 2 }, basis };
    const request = { ...dataRequest('a'), preflight: { checks: [check], forecast } };
    const created = newMigration({ kind: 'created', id: 'm-3', createdAt: 1, request });
    expect(migrationView(created, 'zh')).toMatchObject({
      forecast: { seconds: forecast.seconds, basis: expect.stringContaining('试读') },
      checks: [{ evidence: 'old', title: '虚拟磁盘不大于卷。' }],
    });
    const checks = [{ ...check, evidence: 'new' }];
    const waits = { kind: 'wait-began', for: 'person', detail: null, checks } as const;
    const waiting = [...LIFE.slice(0, 2), waits].reduce(advance, created);
    expect(migrationView(waiting, 'en').checks).toEqual(checks);
  });

  it('says what it waits for', () => {
    const waiting = after({ kind: 'wait-began', for: 'link', detail: 'HTTP 403' });
    expect(migrationView(waiting, 'en')).toMatchObject({ state: 'waiting', waitsFor: 'link', waitDetail: 'HTTP 403' });
    expect(migrationView(waiting, 'en').waitCode).toBeNull();
  });

  it('says over what it waits, until somebody has done something about it', () => {
    const waits = { kind: 'wait-began', for: 'link', detail: 'x', code: 'source-expired' } as const;
    expect(migrationView(after(waits), 'en').waitCode).toBe('source-expired');
    const replaced = {
      kind: 'link-replaced',
      image: 0,
      link: 'https://x.example/y',
      credentials: null,
      by: 'ann',
    } as const;
    const goesOn = advance(after(waits), replaced);
    expect(migrationView(goesOn, 'en')).toMatchObject({ waitsFor: 'worker', waitCode: null });
    const person = after({ ...waits, for: 'person', code: 'boot-failed' });
    expect(migrationView(advance(person, { kind: 'resume-asked', by: 'ann' }), 'en').waitCode).toBeNull();
  });

  it('says why it failed, what to do, and whether a retry goes on', () => {
    const failed = after({ kind: 'failed', code: 'target-full', message: 'no space', goesOn: true });
    const view = migrationView(failed, 'ja');
    expect(view.failure).toMatchObject({
      code: 'target-full',
      title: expect.stringMatching(/空き容量/),
      message: 'no space',
    });
    expect(view.retryGoesOn).toBe(true);
    expect(migrationView(after(), 'en')).toMatchObject({ failure: null, retryGoesOn: null });
  });

  it('has each action, allowed or with the reason', () => {
    const { actions } = migrationView(after(), 'en');
    expect(actions.map(({ action }) => action)).toEqual([...MIGRATION_ACTIONS]);
    expect(actions.find(({ action }) => action === 'pause')).toMatchObject({ allowed: true, reason: null });
    expect(actions.find(({ action }) => action === 'retry')).toMatchObject({ allowed: false, code: 'not-over' });
  });

  it('says of credentials only that there are some', () => {
    const [image] = dataRequest('a').images;
    if (image === undefined) throw new Error('no image');
    const request = {
      ...dataRequest('a'),
      images: [{ ...image, source: { ...image.source, credentials: 'sealed-7' } }],
    };
    const migration = newMigration({ kind: 'created', id: 'm-2', createdAt: 1, request });
    const view = migrationView(migration, 'en');
    expect(view.images[0]?.source.hasCredentials).toBe(true);
    expect(JSON.stringify(view)).not.toContain('sealed-7');
  });
});

describe('eventView()', () => {
  it('keeps the names of secrets to itself', () => {
    const event = { kind: 'link-replaced', image: 0, link: 'https://x/d', credentials: 'sealed-7', by: 'ann' } as const;
    expect(eventView({ version: 2, at: 3, event })).toEqual({
      version: 2,
      at: 3,
      kind: 'link-replaced',
      by: 'ann',
      detail: { image: 0, link: 'https://x/d' },
    });
    const created = { kind: 'created', id: 'm', createdAt: 1, request: dataRequest('a') } as const;
    expect(eventView({ version: 1, at: 1, event: created })).toMatchObject({
      by: 'ann',
      detail: { name: 'a', images: 1 },
    });
  });
});
