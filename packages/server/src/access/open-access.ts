import type { AccessContext } from './access-context.ts';
import type { AccessRecords } from './access-records.ts';
import type { Access } from './access.ts';
import { sessions } from './sessions.ts';
import { tokens } from './tokens.ts';
import { Turns } from './turns.ts';
import { users } from './users.ts';

export function openAccess(records: AccessRecords, clock: () => number): Access {
  const context: AccessContext = { records, clock, turns: new Turns({ atOnce: 2, waiting: 30 }) };
  return { ...users(context), ...sessions(context), ...tokens(context) };
}
