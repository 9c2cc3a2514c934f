import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { describe, expect, it } from 'vitest';
import { applyChanges } from './apply-changes.ts';
import type { SchemaChange } from './changes/change.ts';
import { CHANGES } from './changes/changes.ts';
import type { Database } from './database.ts';
import { NodeSqliteDialect } from './sqlite/driver.ts';

function memory() {
  const database = new DatabaseSync(':memory:');
  const db = new Kysely<Database>({ dialect: new NodeSqliteDialect(database) });
  const tables = () => database.prepare("select name from sqlite_master where type = 'table' order by name").all();
  return { db, names: () => tables().map(({ name }) => name) };
}

function table(number: number): SchemaChange {
  const apply: SchemaChange['apply'] = async (db) => {
    await db.schema.createTable(`t${number}`).addColumn('a', 'text').execute();
  };
  return { number, name: `t${number}`, apply };
}

describe('applyChanges()', () => {
  it('applies each change once, and later ones on top', async () => {
    const { db, names } = memory();
    await applyChanges({ db, system: 'sqlite' }, [table(1)]);
    await applyChanges({ db, system: 'sqlite' }, [table(1)]);
    await applyChanges({ db, system: 'sqlite' }, [table(1), table(2)]);
    expect(names()).toEqual(['schema_change', 't1', 't2']);
    const applied = await db.selectFrom('schema_change').selectAll().orderBy('number').execute();
    expect(applied).toEqual([
      { number: 1, name: 't1' },
      { number: 2, name: 't2' },
    ]);
    await db.destroy();
  });

  it('applies nothing where one of them fails', async () => {
    const { db, names } = memory();
    const broken: SchemaChange = { number: 2, name: 'broken', apply: () => Promise.reject(new Error('no')) };
    await expect(applyChanges({ db, system: 'sqlite' }, [table(1), broken])).rejects.toThrow('no');
    expect(names()).toEqual([]);
    await db.destroy();
  });

  it('refuses a schema that a newer version wrote', async () => {
    const { db } = memory();
    await applyChanges({ db, system: 'sqlite' }, [table(1), table(2)]);
    const refused = applyChanges({ db, system: 'sqlite' }, [table(1)]);
    await expect(refused).rejects.toMatchObject({ code: 'newer-schema' });
    await expect(refused).rejects.toThrow('at change 2; this Diskferry knows 1');
    await db.destroy();
  });

  it('has changes whose numbers begin at 1 and have no gap', () => {
    expect(CHANGES.map(({ number }) => number)).toEqual(CHANGES.map((_, index) => index + 1));
  });
});
