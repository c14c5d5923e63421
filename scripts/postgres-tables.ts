// The tables of src as PostgreSQL's, for drizzle-kit alone: both engines keep the same columns in the same form.
import { join } from 'node:path'
import { getTableName, is } from 'drizzle-orm'
import {
  type AnyPgColumn,
  bigint,
  customType,
  doublePrecision,
  foreignKey,
  type IndexColumn,
  index,
  integer,
  type PgColumnBuilderBase,
  type PgTableWithColumns,
  pgTable,
  primaryKey,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { getTableConfig, type SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'

// Bytes in order, as in SQLite: a list is then in the same order on both, whatever the server's language.
const text = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' })

function columnOf(column: SQLiteColumn): PgColumnBuilderBase {
  const { name, notNull, primary, hasDefault } = column
  const isNumbered = 'autoIncrement' in column && column.autoIncrement === true
  // biome-ignore lint/suspicious/noExplicitAny: builders of any type of column are finished alike.
  let builder: any
  if (column.getSQLType() === 'text') builder = text(name)
  else if (column.getSQLType() === 'real') builder = doublePrecision(name)
  else if (isNumbered) builder = bigint(name, { mode: 'number' }).generatedByDefaultAsIdentity()
  else if (column.dataType === 'date' || name === 'position') builder = bigint(name, { mode: 'number' })
  else builder = integer(name)
  if (primary) builder = builder.primaryKey()
  if (notNull) builder = builder.notNull()
  if (hasDefault && column.default !== undefined)
    builder = builder.default(column.mapToDriverValue(column.default))
  return builder
}

type Tables = Map<string, PgTableWithColumns<never>>

function tableOf(table: SQLiteTable, tables: Tables): void {
  const { name, columns, indexes, primaryKeys, foreignKeys } = getTableConfig(table)
  const made = pgTable(
    name,
    Object.fromEntries(columns.map((column) => [column.name, columnOf(column)])),
    (own) => {
      const at = (column: { name: string }) => own[column.name] as AnyPgColumn
      return [
        ...columns
          .filter(({ isUnique }) => isUnique)
          .map((column) => uniqueIndex(`${name}_${column.name}_unique`).on(at(column))),
        ...indexes.map(({ config }) => {
          const builder = (config.unique ? uniqueIndex : index)(config.name)
          const parts = config.columns.map((part) => ('name' in part ? at(part) : part)) as [
            IndexColumn,
            ...IndexColumn[],
          ]
          const made = builder.on(...parts)
          return config.where ? made.where(config.where) : made
        }),
        ...primaryKeys.map(({ columns }) => primaryKey({ columns: columns.map(at) as [AnyPgColumn] })),
        ...foreignKeys.map((key) => {
          const { columns, foreignTable, foreignColumns } = key.reference()
          const other = getTableName(foreignTable)
          const target = (column: { name: string }) =>
            (other === name ? own : (tables.get(other) as never))[column.name] as AnyPgColumn
          return foreignKey({
            columns: columns.map(at) as [AnyPgColumn],
            foreignColumns: foreignColumns.map(target) as [AnyPgColumn],
          })
        }),
      ]
    },
  )
  tables.set(name, made as never)
}

/** Every table that src declares, by name. */
export async function postgresTables(): Promise<Record<string, object>> {
  const files = [...new Bun.Glob('src/**/{table,*.table}.ts').scanSync('.')].sort()
  const modules: object[] = await Promise.all(files.map((file) => import(join(process.cwd(), file))))
  const declared = modules.flatMap(Object.values).filter((value) => is(value, SQLiteTable))
  const tables: Tables = new Map()
  for (const table of new Set(declared)) tableOf(table, tables)
  return Object.fromEntries(tables)
}
