import type { Queries, System } from '../database.ts';

/** One change of the schema. Once it was released it is never edited: a later one follows it. */
export interface SchemaChange {
  readonly number: number;
  readonly name: string;
  apply(db: Queries, system: System): Promise<void>;
}
