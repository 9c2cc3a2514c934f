import { ServiceError } from '../base/errors.ts';
import type { Access, Principal, User } from './access.ts';
import type { AccessContext } from './access-context.ts';
import { matchesPassword } from './password.ts';
import { csrfOf, digestOf, looksLikeSecret, randomSecret } from './random-secret.ts';
import { SignInLimit } from './sign-in-limit.ts';
import { newUser } from './users.ts';

const HOUR_MS = 3_600_000;
const IDLE_MS = 12 * HOUR_MS;
const LONGEST_MS = 7 * 24 * HOUR_MS;
const LINK_MS = HOUR_MS / 4;

type Sessions = Pick<Access, 'signIn' | 'createSignInLink' | 'signInByLink' | 'signOut' | 'principalOfSession'>;

export function sessions(context: AccessContext): Sessions {
  const { records, clock, turns } = context;
  const limit = new SignInLimit(records.tries, clock);
  return {
    /** Looks up, computes and refuses in the same way whether the name is known or not. */
    async signIn(name, password, from) {
      await limit.countAddress(from);
      await limit.countName(name);
      const account = await records.accounts.find(name);
      const right = await turns.take(() => matchesPassword(password, account?.password ?? null));
      if (!right || !account || account.disabled) {
        throw wrongPassword();
      }
      const session = await begin(context, account, account.password);
      if (session === undefined) throw wrongPassword();
      await limit.wasRight(from, name);
      return session;
    },

    async createSignInLink(name) {
      const first = newUser(name, 'admin', clock());
      const account = (await records.accounts.createFirst({ ...first, password: null }))
        ? first
        : await records.accounts.find(name);
      if (!account) throw new ServiceError('not-found', `there is no user ${name}`);
      if (account.disabled) throw new ServiceError('invalid-request', `${name} is disabled and cannot sign in`);
      const code = randomSecret();
      const at = clock();
      await records.links.add({ digest: digestOf(code), account: account.id, at, expiresAt: at + LINK_MS });
      return { code, expiresAt: at + LINK_MS };
    },

    async signInByLink(code, from) {
      await limit.countAddress(from);
      const user = looksLikeSecret(code) ? await records.links.take(digestOf(code), clock()) : undefined;
      const session = user && (await begin(context, user));
      if (!session)
        throw new ServiceError('sign-in-failed', 'the link was used already, or is too old: have a new one made');
      await limit.wasRight(from);
      return session;
    },

    async signOut(cookie) {
      if (looksLikeSecret(cookie)) await records.sessions.end(digestOf(cookie));
    },

    async principalOfSession(cookie) {
      if (!looksLikeSecret(cookie)) return undefined;
      const user = await records.sessions.use(digestOf(cookie), { at: clock(), idleMs: IDLE_MS });
      return user && principalOf(user, cookie);
    },
  };
}

function wrongPassword(): ServiceError {
  return new ServiceError('sign-in-failed', 'the name and the password do not belong together');
}

/** Undefined where the password is another one by now, or the user is gone: what was right a moment ago opens nothing. */
async function begin({ records, clock }: AccessContext, user: User, password?: string | null) {
  const cookie = randomSecret();
  const at = clock();
  const expiresAt = at + LONGEST_MS;
  const given = password === undefined ? {} : { password };
  const isAdded = await records.sessions.add({ digest: digestOf(cookie), account: user.id, ...given, at, expiresAt });
  if (!isAdded) return undefined;
  return { cookie, csrf: csrfOf(cookie), principal: principalOf(user, cookie), expiresAt };
}

function principalOf({ id, name, role }: User, cookie: string): Principal {
  return { kind: 'user', id, name, role, csrf: csrfOf(cookie) };
}
