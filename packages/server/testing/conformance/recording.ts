import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../src/access/access.ts';
import { DEFAULT_SETTINGS } from '../../src/settings/settings.ts';
import { expectRefused, onStage, type MakeDatabase } from './scene.ts';

function entry(action: string, changes: Partial<AuditEntry> = {}): Omit<AuditEntry, 'seq' | 'at'> {
  return { who: 'ann', from: '192.0.2.1', action, target: null, outcome: 'done', detail: null, ...changes };
}

export function recording(make: MakeDatabase): void {
  describe('the audit log', () => {
    it('gives the newest first, page by page, filtered', () =>
      onStage(make, async ({ stores: { audit }, clock }) => {
        for (let count = 0; count < 5; count++) {
          clock.pass(1);
          await audit.write(entry(count % 2 ? 'sign-in' : 'instance.stop', { target: `i-${count}` }));
        }
        await audit.write(entry('sign-in', { who: 'bo', outcome: 'refused', detail: 'why' }));
        const first = await audit.list({ limit: 4 });
        await audit.write(entry('later'));
        expect(first.entries[0]).toEqual({
          ...entry('sign-in', { who: 'bo', outcome: 'refused', detail: 'why' }),
          at: clock(),
          seq: first.entries[0]?.seq,
        });
        const second = await audit.list({ limit: 4, cursor: first.next ?? '' });
        expect([...first.entries, ...second.entries].map(({ target }) => target)).toEqual([
          null,
          'i-4',
          'i-3',
          'i-2',
          'i-1',
          'i-0',
        ]);
        expect(second.next).toBeUndefined();
        const targets = async (ask: object) =>
          (await audit.list({ limit: 9, ...ask })).entries.map(({ target }) => target);
        expect(await targets({ action: 'sign-in' })).toEqual([null, 'i-3', 'i-1']);
        expect(await targets({ action: 'sign-in', who: 'bo' })).toEqual([null]);
        expect(await targets({ target: 'i-2' })).toEqual(['i-2']);
        expect(await targets({ target: '\0' })).toEqual([]);
        await expectRefused(audit.list({ limit: 0 }), 'invalid-request');
        await expectRefused(audit.list({ limit: 1, cursor: 'x' }), 'invalid-cursor');
      }));

    it('records what strangers send, whatever it is', () =>
      onStage(make, async ({ stores: { audit } }) => {
        await audit.write(entry('sign-in', { who: 'a\0b\u{7f}\ud800', detail: 'x'.repeat(100_000) }));
        const [found] = (await audit.list({ limit: 1 })).entries;
        expect(found?.who).toBe('a\u{fffd}b\u{fffd}\u{fffd}');
        expect(found?.detail).toHaveLength(2000);
      }));
  });

  describe('settings', () => {
    it('are the defaults until somebody changes them, and of two that change them one is refused', () =>
      onStage(make, async ({ stores: { settings }, anotherStores }) => {
        const other = (await anotherStores()).settings;
        expect(await settings.read()).toEqual({ settings: DEFAULT_SETTINGS, version: 0 });
        const changed = { ...DEFAULT_SETTINGS, concurrency: { worker: 4, host: 2, provider: null } };
        for (const version of [0, 1]) {
          const tries = await Promise.allSettled([
            settings.write(changed, version),
            other.write(DEFAULT_SETTINGS, version),
          ]);
          expect(tries.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
        }
        expect((await settings.write(changed, 2)).version).toBe(3);
        expect(await other.read()).toEqual({ settings: changed, version: 3 });
        await expectRefused(settings.write(changed, 2), 'version-conflict');
        await expectRefused(settings.write(changed, 4), 'version-conflict');
      }));

    it('that are not sound are refused', () =>
      onStage(make, async ({ stores: { settings } }) => {
        const wrong = { ...DEFAULT_SETTINGS, concurrency: { worker: 0, host: null, provider: null } };
        await expectRefused(settings.write(wrong, 0), 'invalid-request');
        expect((await settings.read()).version).toBe(0);
      }));
  });

  describe('secrets', () => {
    it('open where they were sealed and elsewhere, and not once they are forgotten', () =>
      onStage(make, async ({ stores: { secrets }, anotherStores }) => {
        const secret = { link: 'https://u:planted@h.example/', headers: { authorization: 'x' } };
        const id = await secrets.seal(secret);
        expect(await secrets.seal(secret)).not.toBe(id);
        expect(await (await anotherStores()).secrets.open(id)).toEqual(secret);
        await secrets.forget(id);
        await secrets.forget(id);
        await expectRefused(secrets.open(id), 'secret-unreadable');
        await expectRefused(secrets.open('\0'), 'secret-unreadable');
      }));
  });
}
