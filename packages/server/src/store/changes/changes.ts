import { migrations } from './0001-migrations.ts';
import type { SchemaChange } from './change.ts';

/** All changes of the schema, in the order of their numbers, which begin at 1 and have no gap. */
export const CHANGES: readonly SchemaChange[] = [migrations];
