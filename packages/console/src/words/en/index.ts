import { ADMINISTRATION } from './administration.ts';
import { COMMON } from './common.ts';
import { MIGRATIONS } from './migrations.ts';
import { PLACES } from './places.ts';
import { WIZARD } from './wizard.ts';

export const EN = { ...COMMON, ...MIGRATIONS, wizard: WIZARD, ...PLACES, ...ADMINISTRATION } as const;
