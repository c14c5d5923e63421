import { sql } from 'drizzle-orm'

/** Columns as a statement lists them. */
export const listed = (columns: readonly string[]) =>
  sql.join(
    columns.map((column) => sql.identifier(column)),
    sql`, `,
  )
