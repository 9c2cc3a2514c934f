import type { Token, User } from './access.ts';

/**
 * What access keeps, and nothing of how: digests are made and compared above. Each call is one transaction. `digest` is
 * that of a cookie, a code or a token, `password` that of a password; times are given by the caller.
 */
export interface AccessRecords {
  readonly accounts: AccountRecords;
  readonly sessions: SessionRecords;
  readonly links: LinkRecords;
  readonly tries: TryRecords;
  readonly tokens: TokenRecords;
}

export interface Account extends User {
  /** Null where there is none yet. */
  readonly password: string | null;
}

export interface AccountRecords {
  any(): Promise<boolean>;
  /** In the order of their names. */
  list(): Promise<readonly User[]>;
  /** Whatever the case. */
  find(name: string): Promise<Account | undefined>;
  /** @throws ServiceError `invalid-request` where the name is taken */
  create(account: Account): Promise<void>;
  /** Only where there is none at all. @returns whether it was made */
  createFirst(account: Account): Promise<boolean>;
  /**
   * Ends the account's sessions and links where something changes.
   * @throws ServiceError `not-found`, or `last-admin` where no enabled admin would be left
   */
  change(id: string, change: Partial<Pick<Account, 'role' | 'password' | 'disabled'>>): Promise<User>;
  /** With its sessions, links and tokens. @throws as `change` */
  delete(id: string): Promise<void>;
}

export interface SessionRecords {
  /** Only where the account still has the password, if one is given. @returns whether it was added */
  add(session: {
    readonly digest: string;
    readonly account: string;
    readonly password?: string | null;
    readonly at: number;
    readonly expiresAt: number;
  }): Promise<boolean>;
  /** The user of a session that is valid at `at` and was seen in the last `idleMs`; records that it was seen, once a minute. */
  use(digest: string, when: { readonly at: number; readonly idleMs: number }): Promise<User | undefined>;
  end(digest: string): Promise<void>;
}

export interface LinkRecords {
  add(link: {
    readonly digest: string;
    readonly account: string;
    readonly at: number;
    readonly expiresAt: number;
  }): Promise<void>;
  /** Gives its user once, where it is still valid and the user is not disabled. */
  take(digest: string, at: number): Promise<User | undefined>;
}

/** How often somebody tried to sign in; survives a restart. `who` is a name or an address. */
export interface TryRecords {
  /** Counts one more within a window, which begins anew after `windowMs`. */
  count(who: string, when: { readonly at: number; readonly windowMs: number }): Promise<Tries>;
  /** It was a right one: takes one back. */
  takeBack(who: string): Promise<void>;
  forget(who: string): Promise<void>;
}

export interface Tries {
  readonly tries: number;
  readonly beganAt: number;
}

export interface TokenRecords {
  list(): Promise<readonly Token[]>;
  /** @throws ServiceError `not-found` where the account is gone */
  add(token: Token & { readonly digest: string; readonly account: string }): Promise<void>;
  /** @throws ServiceError `not-found` */
  delete(id: string): Promise<void>;
  /** One that is valid at `at`, of a user who is not disabled; records that it was used, once a minute. */
  use(digest: string, at: number): Promise<{ readonly token: Token; readonly owner: User } | undefined>;
  /** The account that a token belongs to. */
  accountOf(id: string): Promise<string | undefined>;
}
