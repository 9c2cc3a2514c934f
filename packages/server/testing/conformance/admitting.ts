import { describe, expect, it } from 'vitest';
import type { Access, Principal } from '../../src/access/access.ts';
import { expectRefused, onStage, type MakeDatabase } from './scene.ts';

const HOUR = 3_600_000;
const PASSWORD = 'correct horse battery';
const HERE = '192.0.2.1';

async function admin(access: Access, name = 'root') {
  return access.createUser({ name, role: 'admin', password: PASSWORD });
}

/** What strangers guess with; none of them is anybody's. */
async function guess(access: Access, times: number, who: { name?: string; from?: string } = {}): Promise<void> {
  for (let count = 0; count < times; count++) {
    const { name = `nobody-${count}`, from = HERE } = who;
    await expectRefused(access.signIn(name, 'x'.repeat(300), from), 'sign-in-failed');
  }
}

export function admitting(make: MakeDatabase): void {
  describe('users', () => {
    it('have one name each, whatever the case, and a password that is one', () =>
      onStage(make, async ({ stores: { access } }) => {
        expect(await access.hasUsers()).toBe(false);
        const made = await admin(access, 'Ann');
        expect(await access.hasUsers()).toBe(true);
        expect(await access.listUsers()).toEqual([made]);
        await expectRefused(admin(access, 'ANN'), 'invalid-request');
        await expectRefused(admin(access, 'Ａｎｎ'), 'invalid-request');
        for (const name of ['', ' a', 'a\0', 'x'.repeat(65)])
          await expectRefused(admin(access, name), 'invalid-request');
        for (const password of ['elevenchars', 'with\ncontrol characters', 'x'.repeat(257)]) {
          await expectRefused(access.createUser({ name: 'b', role: 'viewer', password }), 'invalid-request');
        }
        await expectRefused(
          access.createUser({ name: 'b', role: 'root' as 'admin', password: PASSWORD }),
          'invalid-request',
        );
      }));

    it('always have an admin among them', () =>
      onStage(make, async ({ stores: { access }, anotherStores }) => {
        const first = await admin(access, 'first');
        const operator = await access.createUser({ name: 'op', role: 'operator', password: PASSWORD });
        for (const change of [{ role: 'operator' as const }, { disabled: true }]) {
          await expectRefused(access.changeUser(first.id, change), 'last-admin');
        }
        await expectRefused(access.deleteUser(first.id), 'last-admin');
        await expectRefused(access.deleteUser('no-such'), 'not-found');
        const second = await admin(access, 'second');
        const other = (await anotherStores()).access;
        const tries = await Promise.allSettled([
          access.changeUser(first.id, { role: 'viewer' }),
          other.deleteUser(second.id),
        ]);
        expect(tries.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
        await access.changeUser(operator.id, { disabled: true });
        await access.changeUser(operator.id, { disabled: false, role: 'admin' });
        expect((await access.listUsers()).filter(({ role }) => role === 'admin')).toHaveLength(2);
      }));
  });

  describe('sessions', () => {
    it('that begin with a password end with it, also where it is changed at that very moment', () =>
      onStage(make, async ({ stores: { access } }) => {
        const { id } = await admin(access, 'ann');
        const change = access.changeUser(id, { password: 'another password of hers' });
        const [begun] = await Promise.allSettled([access.signIn('ann', PASSWORD, HERE), change]);
        const cookie = begun.status === 'fulfilled' ? begun.value.cookie : '';
        expect(await access.principalOfSession(cookie)).toBeUndefined();
      }));

    it('begin with the password, end after 12 idle hours, 7 days or a sign-out', () =>
      onStage(make, async ({ stores: { access }, clock, anotherStores }) => {
        const user = await admin(access, 'Ann');
        const session = await access.signIn('ann', PASSWORD, HERE);
        expect(session.principal).toEqual({
          kind: 'user',
          id: user.id,
          name: 'Ann',
          role: 'admin',
          csrf: session.csrf,
        });
        const other = (await anotherStores()).access;
        for (let idle = 0; idle < 14; idle++) {
          clock.pass(12 * HOUR - 1);
          expect(await other.principalOfSession(session.cookie)).toEqual(session.principal);
        }
        clock.pass(14);
        expect(session.expiresAt).toBe(clock());
        expect(await access.principalOfSession(session.cookie)).toBeUndefined();
        const idle = await access.signIn('ann', PASSWORD, HERE);
        clock.pass(12 * HOUR);
        expect(await access.principalOfSession(idle.cookie)).toBeUndefined();
        const left = await access.signIn('ann', PASSWORD, HERE);
        await access.signOut(left.cookie);
        expect(await access.principalOfSession(left.cookie)).toBeUndefined();
        for (const cookie of ['', 'x', '\0', 'A'.repeat(43), 'A'.repeat(1e6)]) {
          expect(await access.principalOfSession(cookie)).toBeUndefined();
        }
      }));

    it('end where the role, the password or the switch of the user changes', () =>
      onStage(make, async ({ stores: { access } }) => {
        await admin(access);
        const { id } = await access.createUser({ name: 'op', role: 'operator', password: PASSWORD });
        const password = 'another long one';
        for (const change of [{ role: 'viewer' as const }, { password }, { disabled: true }]) {
          const { cookie } = await access.signIn('op', PASSWORD, HERE);
          await access.changeUser(id, change);
          expect(await access.principalOfSession(cookie)).toBeUndefined();
          if (change.password) await access.changeUser(id, { password: PASSWORD });
        }
        await expectRefused(access.signIn('op', PASSWORD, HERE), 'sign-in-failed');
        await access.changeUser(id, { disabled: false });
        const { cookie, principal } = await access.signIn('op', PASSWORD, HERE);
        await access.changeUser(id, { role: 'viewer', disabled: false });
        expect(await access.principalOfSession(cookie)).toEqual(principal);
        await access.deleteUser(id);
        expect(await access.principalOfSession(cookie)).toBeUndefined();
      }));

    it('begin by a link once, within a quarter of an hour, and the first one makes the admin', () =>
      onStage(make, async ({ stores: { access }, clock, anotherStores }) => {
        const other = (await anotherStores()).access;
        const [{ code }, { code: late }] = await Promise.all([
          access.createSignInLink('admin'),
          other.createSignInLink('admin'),
        ]);
        expect((await access.listUsers()).map(({ name, role }) => [name, role])).toEqual([['admin', 'admin']]);
        await expectRefused(access.signIn('admin', PASSWORD, HERE), 'sign-in-failed');
        const tries = await Promise.allSettled([access.signInByLink(code, HERE), other.signInByLink(code, HERE)]);
        expect(tries.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
        clock.pass(HOUR / 4);
        await expectRefused(access.signInByLink(late, HERE), 'sign-in-failed');
        await expectRefused(access.signInByLink('\0', HERE), 'sign-in-failed');
        await expectRefused(access.createSignInLink('nobody'), 'not-found');
      }));
  });

  describe('a limit on signing in', () => {
    it('counts by name from anywhere, whether there is such a user or not, and survives a restart', () =>
      onStage(make, async ({ stores: { access }, clock, anotherStores }) => {
        await admin(access, 'ann');
        for (const name of ['ann', 'nobody']) {
          for (let at = 0; at < 10; at++)
            await guess(access, 1, { name: at % 2 ? name : name.toUpperCase(), from: `10.${name.length}.0.${at}` });
        }
        const { access: restarted } = await anotherStores();
        for (const name of ['ann', 'nobody']) {
          await expect(restarted.signIn(name, PASSWORD, HERE)).rejects.toMatchObject({
            code: 'too-many-tries',
            retryAfterMs: HOUR / 4,
          });
        }
        clock.pass(HOUR / 4);
        await restarted.signIn('ann', PASSWORD, HERE);
      }));

    it('counts by address for all names, IPv6 by its network, and takes right ones back', () =>
      onStage(make, async ({ stores: { access } }) => {
        await admin(access, 'ann');
        for (let address = 0; address < 29; address++)
          await guess(access, 1, { from: `2001:db8::${address}`, name: `n-${address}` });
        for (let count = 0; count < 3; count++) await access.signIn('ann', PASSWORD, '2001:db8:0:0:1::1');
        await guess(access, 1, { from: '2001:db8::ffff' });
        await expectRefused(access.signIn('ann', PASSWORD, '2001:0db8::1'), 'too-many-tries');
        await expectRefused(access.signInByLink('A'.repeat(43), '2001:db8::2'), 'too-many-tries');
        await access.signIn('ann', PASSWORD, '2001:db8:0:1::1');
      }));

    it('counts many at once', () =>
      onStage(make, async ({ stores: { access } }) => {
        const tries = Array.from({ length: 20 }, () => access.signIn('nobody', 'x'.repeat(300), HERE));
        const codes = (await Promise.allSettled(tries)).map((each) => each.status === 'rejected' && each.reason.code);
        expect(codes.filter((code) => code === 'sign-in-failed')).toHaveLength(10);
        expect(codes.filter((code) => code === 'too-many-tries')).toHaveLength(10);
      }));
  });

  describe('tokens', () => {
    it('let in until they end, and record their use once a minute', () =>
      onStage(make, async ({ stores: { access }, clock }) => {
        const by = await principal(access);
        const expiresAt = clock() + HOUR;
        const { token, secret } = await access.createToken({ name: 'ci', role: 'operator', expiresAt }, by);
        expect(secret).toMatch(/^dft_[\w-]{43}$/);
        expect(token).toMatchObject({ name: 'ci', createdBy: 'root', createdAt: clock(), expiresAt, lastUsedAt: null });
        expect(await access.listTokens()).toEqual([token]);
        const used: (number | null | undefined)[] = [];
        for (const ms of [1, 59_999, 1, 60_000]) {
          clock.pass(ms);
          expect(await access.principalOfToken(secret)).toEqual({
            kind: 'token',
            id: token.id,
            name: 'ci',
            role: 'operator',
          });
          used.push(clock() - ((await access.listTokens())[0]?.lastUsedAt ?? 0));
        }
        expect(used).toEqual([0, 59_999, 0, 0]);
        clock.pass(HOUR);
        expect(await access.principalOfToken(secret)).toBeUndefined();
        for (const wrong of ['', 'dft_', `dft_${'A'.repeat(43)}`, `${secret}x`, secret.slice(4), 'dft_\0']) {
          expect(await access.principalOfToken(wrong)).toBeUndefined();
        }
      }));

    it('never may more than the user who made them, and end with that user', () =>
      onStage(make, async ({ stores: { access } }) => {
        await admin(access, 'another');
        const by = await principal(access);
        const { token, secret } = await access.createToken({ name: 't', role: 'admin', expiresAt: null }, by);
        const child = await access.createToken(
          { name: 'child', role: 'operator', expiresAt: null },
          { kind: 'token', id: token.id, name: 't', role: 'admin' },
        );
        const asOperator = { ...by, role: 'operator' as const };
        await expectRefused(
          access.createToken({ name: 'x', role: 'admin', expiresAt: null }, asOperator),
          'not-allowed',
        );
        await access.changeUser(by.id, { role: 'viewer' });
        expect((await access.principalOfToken(secret))?.role).toBe('viewer');
        expect((await access.principalOfToken(child.secret))?.role).toBe('viewer');
        await access.changeUser(by.id, { disabled: true });
        expect(await access.principalOfToken(secret)).toBeUndefined();
        await access.deleteUser(by.id);
        expect(await access.listTokens()).toEqual([]);
        await expectRefused(access.createToken({ name: 'x', role: 'viewer', expiresAt: null }, by), 'not-found');
      }));

    it('are refused with a wrong name, role or end, and let nobody in once deleted', () =>
      onStage(make, async ({ stores: { access }, clock }) => {
        const by = await principal(access);
        for (const wrong of [
          { name: ' ' },
          { name: 'a\0' },
          { role: 'x' as 'admin' },
          { expiresAt: clock() },
          { expiresAt: 1.5 },
        ]) {
          const wanted = { name: 'ok', role: 'viewer' as const, expiresAt: null, ...wrong };
          await expectRefused(access.createToken(wanted, by), 'invalid-request');
        }
        const { token, secret } = await access.createToken({ name: 'ok', role: 'viewer', expiresAt: null }, by);
        await access.deleteToken(token.id);
        expect(await access.principalOfToken(secret)).toBeUndefined();
        await expectRefused(access.deleteToken(token.id), 'not-found');
      }));
  });
}

async function principal(access: Access): Promise<Principal> {
  const { id, name, role } = await admin(access);
  return { kind: 'user', id, name, role };
}
