import { randomUUID } from 'node:crypto';
import { isAtLeast, lesserRole } from '@diskferry/protocol';
import { ServiceError } from '../base/errors.ts';
import { isPrintable } from '../base/printable.ts';
import type { Access, Principal, Token } from './access.ts';
import type { AccessContext } from './access-context.ts';
import { digestOf, looksLikeSecret, randomSecret } from './random-secret.ts';
import { requireRole } from './users.ts';

/** So that a leaked one is recognised where it turns up. */
const PREFIX = 'dft_';
const LONGEST_NAME = 64;

type Tokens = Pick<Access, 'listTokens' | 'createToken' | 'deleteToken' | 'principalOfToken'>;

export function tokens({ records, clock }: AccessContext): Tokens {
  return {
    listTokens: () => records.tokens.list(),

    async createToken(wanted, by) {
      requireSound(wanted, clock());
      if (!isAtLeast(by.role, wanted.role)) {
        throw new ServiceError(
          'not-allowed',
          `${by.name} is ${by.role} and can make no token for the role ${wanted.role}`,
        );
      }
      const account = by.kind === 'user' ? by.id : await records.tokens.accountOf(by.id);
      if (account === undefined) throw new ServiceError('not-found', `the token ${by.name} is gone`);
      const secret = `${PREFIX}${randomSecret()}`;
      const token = newToken(wanted, by, clock());
      await records.tokens.add({ ...token, digest: digestOf(secret), account });
      return { token, secret };
    },

    deleteToken: (id) => records.tokens.delete(id),

    async principalOfToken(secret) {
      if (!secret.startsWith(PREFIX) || !looksLikeSecret(secret.slice(PREFIX.length))) return undefined;
      const used = await records.tokens.use(digestOf(secret), clock());
      if (!used) return undefined;
      const { token, owner } = used;
      return { kind: 'token', id: token.id, name: token.name, role: lesserRole(token.role, owner.role) };
    },
  };
}

type Wanted = Parameters<Access['createToken']>[0];

function requireSound({ name, role, expiresAt }: Wanted, now: number): void {
  requireRole(role);
  if (name.trim() === '' || name.length > LONGEST_NAME || !isPrintable(name) || !name.isWellFormed()) {
    refuse('/name', `a name has 1 to ${LONGEST_NAME} characters, and no control characters`);
  }
  if (expiresAt === null || (Number.isSafeInteger(expiresAt) && expiresAt > now)) return;
  refuse('/expiresAt', `a token cannot end at ${expiresAt}: that is no time to come`);
}

function refuse(at: string, why: string): never {
  throw new ServiceError('invalid-request', why, { at });
}

function newToken({ name, role, expiresAt }: Wanted, by: Principal, now: number): Token {
  return { id: randomUUID(), name, role, createdBy: by.name, createdAt: now, expiresAt, lastUsedAt: null };
}
