import { migrations } from './0001-migrations.ts';
import { findingMigrations } from './0002-finding-migrations.ts';
import { access } from './0003-access.ts';
import { records } from './0004-records.ts';
import { images } from './0005-images.ts';
import { lines } from './0006-lines.ts';
import { diskMaps } from './0007-disk-maps.ts';
import type { SchemaChange } from './change.ts';

/** All changes of the schema, in the order of their numbers, which begin at 1 and have no gap. */
export const CHANGES: readonly SchemaChange[] = [
  migrations,
  findingMigrations,
  access,
  records,
  images,
  lines,
  diskMaps,
];
