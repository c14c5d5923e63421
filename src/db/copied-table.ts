import { sql } from 'drizzle-orm'

/** A table as the source store declares it; rows are read in the order of `key`. */
export type CopiedTable = { name: string; columns: readonly string[]; key: readonly string[] }

/** Column names separated by commas, quoted for a statement. */
export const columnList = (columns: readonly string[]) =>
  sql.join(
    columns.map((column) => sql.identifier(column)),
    sql`, `,
  )
