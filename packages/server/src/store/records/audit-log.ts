import type { AuditEntry, AuditLog } from '../../access/access.ts';
import { requireLimit } from '../../base/limit.ts';
import { isPrintable } from '../../base/printable.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import type { Context } from '../database.ts';

/** Characters of one text: what strangers send must not fill the disk. */
const LONGEST = 2000;

export function auditLog({ db, clock }: Context): AuditLog {
  return {
    async write({ who, from, action, target, outcome, detail }) {
      const texts = { who: kept(who), client: kept(from), action: kept(action) };
      const rest = {
        target: target === null ? null : kept(target),
        outcome,
        detail: detail === null ? null : kept(detail),
      };
      await db
        .insertInto('audit')
        .values({ at: clock(), ...texts, ...rest })
        .execute();
    },

    async list({ cursor, limit, ...filters }) {
      requireLimit(limit);
      let query = db
        .selectFrom('audit')
        .selectAll()
        .orderBy('seq', 'desc')
        .limit(limit + 1);
      if (cursor !== undefined) query = query.where('seq', '<', decodeCursor(cursor));
      for (const column of ['who', 'action', 'target'] as const) {
        const wanted = filters[column];
        if (wanted === undefined) continue;
        if (!isPrintable(wanted)) return { entries: [], next: undefined };
        query = query.where(column, '=', wanted);
      }
      const rows = await query.execute();
      const entries = rows.slice(0, limit).map(({ client, ...row }): AuditEntry => ({ ...row, from: client }));
      const last = entries.at(-1);
      return { entries, next: rows.length > limit && last ? encodeCursor(last.seq) : undefined };
    },
  };
}

/** An attempt is recorded whatever it was: control characters, which not every database can keep, are replaced. */
function kept(text: string): string {
  return text
    .slice(0, LONGEST)
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, '\u{fffd}');
}
