import type { Role } from '@diskferry/protocol';

export { ROLES, type Role } from '@diskferry/protocol';

export interface User {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly createdAt: number;
  readonly disabled: boolean;
}

/**
 * Shown once when it is made; only its digest is kept. It never may more than the user who made it may at the time, and is
 * gone with that user.
 */
export interface Token {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
}

/** Who asks: by a session of the console, or by a token. */
export interface Principal {
  readonly kind: 'user' | 'token';
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Of a session: what a changing request must send along. */
  readonly csrf?: string;
}

/** One change that somebody made or was refused. */
export interface AuditEntry {
  readonly seq: number;
  readonly at: number;
  readonly who: string;
  /** Address of the client. */
  readonly from: string;
  /** `migration.create`, `instance.stop`, `sign-in` … */
  readonly action: string;
  readonly target: string | null;
  readonly outcome: 'done' | 'refused';
  /** What was asked for, without secrets. */
  readonly detail: string | null;
}

/** A session as the console gets it: the value of its cookie, and what changing requests send along. */
export interface Session {
  readonly cookie: string;
  readonly csrf: string;
  readonly principal: Principal;
  readonly expiresAt: number;
}

/** Who may come in. Passwords as scrypt, tokens and cookies only as digests; every refusal takes about as long. */
export interface Access {
  hasUsers(): Promise<boolean>;
  listUsers(): Promise<readonly User[]>;
  createUser(wanted: { readonly name: string; readonly role: Role; readonly password: string }): Promise<User>;
  /** Ends the sessions of the user where the role, the password or `disabled` changes. The last admin stays one. */
  changeUser(
    id: string,
    change: { readonly role?: Role; readonly password?: string; readonly disabled?: boolean },
  ): Promise<User>;
  deleteUser(id: string): Promise<void>;

  /** @throws ServiceError `sign-in-failed`, `too-many-tries` (by name and by address) */
  signIn(name: string, password: string, from: string): Promise<Session>;
  /**
   * A link that signs in once, within a quarter of an hour, as the user of this name. Where there are no users yet, makes
   * the first one: an admin of this name, without a password.
   */
  createSignInLink(name: string): Promise<{ readonly code: string; readonly expiresAt: number }>;
  /** @throws ServiceError `sign-in-failed`, `too-many-tries` */
  signInByLink(code: string, from: string): Promise<Session>;
  signOut(cookie: string): Promise<void>;
  /** Undefined where it is not valid (any more). */
  principalOfSession(cookie: string): Promise<Principal | undefined>;

  listTokens(): Promise<readonly Token[]>;
  /** @throws ServiceError `not-allowed` where it should be allowed more than `by` is */
  createToken(
    wanted: { readonly name: string; readonly role: Role; readonly expiresAt: number | null },
    by: Principal,
  ): Promise<{ readonly token: Token; readonly secret: string }>;
  deleteToken(id: string): Promise<void>;
  principalOfToken(secret: string): Promise<Principal | undefined>;
}

/** What was changed, by whom. Append only. */
export interface AuditLog {
  write(entry: Omit<AuditEntry, 'seq' | 'at'>): Promise<void>;
  /** Newest first. */
  list(ask: {
    readonly who?: string;
    readonly action?: string;
    readonly target?: string;
    readonly cursor?: string;
    readonly limit: number;
  }): Promise<{ readonly entries: readonly AuditEntry[]; readonly next: string | undefined }>;
}
