import type { LogLevel } from '@diskferry/protocol';
import type { Generated } from 'kysely';
import type { AuditEntry, Role } from '../access/access.ts';

/** The tables of access. Switches are 0 or 1: SQLite has no booleans. */
export interface AccessTables {
  account: {
    id: string;
    name: string;
    name_folded: string;
    role: Role;
    disabled: number;
    /** The digest; null where there is no password yet, and a link is the only way in. */
    password: string | null;
    created_at: number;
  };
  session: { digest: string; account_id: string; seen_at: number; expires_at: number };
  sign_in_link: { digest: string; account_id: string; expires_at: number };
  sign_in_try: { who: string; began_at: number; tries: number };
  token: {
    id: string;
    digest: string;
    name: string;
    role: Role;
    /** The token ends with this account, and never may more than it. */
    account_id: string;
    created_by: string;
    created_at: number;
    expires_at: number | null;
    last_used_at: number | null;
  };
  audit: Omit<AuditEntry, 'seq' | 'from'> & { seq: Generated<number>; client: string };
}

/** The tables of what else is kept. A body is JSON; what is sealed is base64. */
export interface RecordTables {
  secret: { id: string; key_id: string; nonce: string; sealed: string; created_at: number };
  setting: { name: string; version: number; body: string };
  worker: { id: string; seen_at: number; body: string };
  /** `seen_at` is of the body; `owner_seen_at` of the worker, and decides whom the name belongs to. */
  inventory: {
    provider: string;
    worker: string;
    host: string;
    seen_at: number;
    owner_seen_at: number;
    body: string;
  };
  live: { migration_id: string; body: string };
  disk_map: { migration_id: string; image: number; body: string };
  /** Ordered by when it was seen, and found by its link. */
  seen_image: { id: string; link_folded: string; seen_at: number; body: string };
  log_line: { migration_id: string; seq: number; at: number; level: LogLevel; body: string };
  receipt: { migration_id: string; body: string };
}
