/** Whether a database is named by a link to PostgreSQL; everything else is the path of an SQLite file. */
export function isPostgres(database: string): boolean {
  return /^postgres(ql)?:\/\//.test(database);
}
