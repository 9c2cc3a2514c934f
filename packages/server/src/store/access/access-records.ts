import type { AccessRecords } from '../../access/access-records.ts';
import type { Context } from '../database.ts';
import { accountRecords } from './account-records.ts';
import { linkRecords } from './link-records.ts';
import { sessionRecords } from './session-records.ts';
import { tokenRecords } from './token-records.ts';
import { tryRecords } from './try-records.ts';

export function accessRecords(context: Context): AccessRecords {
  return {
    accounts: accountRecords(context),
    sessions: sessionRecords(context),
    links: linkRecords(context),
    tries: tryRecords(context),
    tokens: tokenRecords(context),
  };
}
