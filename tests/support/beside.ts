import { Database } from 'bun:sqlite'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { SQL } from 'bun'
import type { Config } from '../../src/config'
import { storeFile } from '../../src/db/sqlite/open'

export type Place = { config: Pick<Config, 'data' | 'databaseUrl'> }

/** A connection of somebody who does not ask Reeve. */
export type Beside = {
  rows(statement: string, params?: (string | number)[]): Promise<unknown[][]>
  close(): Promise<void>
}

/** Opens the store of this application directly; places of values are `?` on SQLite and `$1` on PostgreSQL. */
export function openBeside({ config }: Place): Beside {
  if (config.databaseUrl !== null) {
    const connection = new SQL(config.databaseUrl, { max: 1 })
    return {
      rows: async (statement, params = []) => await connection.unsafe(statement, params).values(),
      close: () => connection.close(),
    }
  }
  const database = new Database(storeFile(config.data))
  return {
    rows: async (statement, params = []) => database.query(statement).values(...params),
    close: async () => database.close(),
  }
}

/** Runs statements beside the application. */
export async function runBeside(place: Place, ...statements: string[]): Promise<void> {
  const beside = openBeside(place)
  for (const statement of statements) await beside.rows(statement)
  await beside.close()
}

const tableNames = {
  sqlite: `SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`,
  postgres: `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name`,
}

/** Everything in the store, table by table, with the search index; bytes as Latin-1. */
export async function contentOf(place: Place): Promise<Record<string, unknown[][]>> {
  const beside = openBeside(place)
  const content: Record<string, unknown[][]> = {}
  const names = await beside.rows(tableNames[place.config.databaseUrl === null ? 'sqlite' : 'postgres'])
  for (const [name] of names as [string][]) {
    const rows = await beside.rows(`SELECT * FROM "${name}"`)
    content[name] = [...rows].map((row) =>
      row.map((cell) => (cell instanceof Uint8Array ? Buffer.from(cell).toString('latin1') : cell)),
    )
  }
  await beside.close()
  return content
}

/** The tables that contain a text. */
export const tablesWith = async (place: Place, text: string): Promise<string[]> =>
  Object.entries(await contentOf(place))
    .filter(([, rows]) => JSON.stringify(rows).includes(text))
    .map(([name]) => name)

/** Everything that is kept on disk, by name: the files of the data directory, and the tables of a database server. */
export async function keptTexts(place: Place): Promise<[name: string, text: string][]> {
  const { data, databaseUrl } = place.config
  const files = readdirSync(data, { recursive: true, encoding: 'utf8' })
    .map((name) => join(data, name))
    .filter((path) => statSync(path).isFile())
    .map((path): [string, string] => [path, readFileSync(path).toString('latin1')])
  if (databaseUrl === null) return files
  const tables = Object.entries(await contentOf(place))
  return [...files, ...tables.map(([name, rows]): [string, string] => [name, JSON.stringify(rows)])]
}

/** Lets the store refuse what the trigger names, such as `BEFORE INSERT ON cases WHEN …`, while `work` runs. */
export async function withTrigger<T>(place: Place, trigger: string, work: () => Promise<T>): Promise<T> {
  const [moment, condition] = trigger.split(' WHEN ')
  const onPostgres = [
    `CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''refused''; END'`,
    `CREATE TRIGGER refuse ${moment} FOR EACH ROW ${condition ? `WHEN (${condition})` : ''} EXECUTE FUNCTION refuse()`,
  ]
  const onSqlite = [`CREATE TRIGGER refuse ${trigger} BEGIN SELECT RAISE(ABORT, 'refused'); END`]
  const isPostgres = place.config.databaseUrl !== null
  await runBeside(place, ...(isPostgres ? onPostgres : onSqlite))
  try {
    return await work()
  } finally {
    const table = / ON (\w+)/.exec(trigger)?.[1]
    await runBeside(place, `DROP TRIGGER refuse${isPostgres ? ` ON ${table}` : ''}`)
  }
}
