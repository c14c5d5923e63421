import { sql } from 'drizzle-orm'
import type { CopiedTable } from '../copied-table'
import type { Db } from '../dialect'

/** Every table of a store, without SQLite's own and the list of migrations. */
export async function tablesOf(db: Db): Promise<CopiedTable[]> {
  const found = await db.values<[string, string, number]>(sql`
    select tables.name, columns.name, columns.pk from pragma_table_list as tables, pragma_table_info(tables.name) as columns
    where tables.schema = 'main' and tables.type = 'table' and tables.name not like 'sqlite_%' and tables.name <> 'schema_migrations'
    order by tables.name, columns.cid`)
  return [...Map.groupBy(found, ([table]) => table)].map(([name, columns]) => ({
    name,
    columns: columns.map(([, column]) => column),
    key: columns
      .filter(([, , place]) => place > 0)
      .sort(([, , a], [, , b]) => a - b)
      .map(([, column]) => column),
  }))
}
