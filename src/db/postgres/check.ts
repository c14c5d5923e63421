import type { Snapshot } from '../store'
import { openPool, rowsOf } from './connection'
import { databaseOn } from './engine'
import { vectorOf } from './search'
import type { Rows } from './session'

export async function withSnapshot<T>(url: string, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  const pool = openPool(url, { max: 1 })
  try {
    await pool.unsafe('begin isolation level repeatable read read only')
    const rows = rowsOf(pool)
    return await work({
      db: databaseOn(rows),
      attempt: async (reads) => {
        await pool.unsafe('savepoint attempt')
        try {
          return await reads()
        } catch (error) {
          await pool.unsafe('rollback to savepoint attempt')
          throw error
        }
      },
      integrityFaults: () => faultsOf(rows, invalidIndexes, 'is not valid'),
      foreignKeyFaults: () => faultsOf(rows, uncheckedKeys, 'was not checked'),
      searchFaults: (index) => searchFaults(rows, index),
    })
  } finally {
    await pool.close()
  }
}

const invalidIndexes =
  'select indexrelid::regclass::text from pg_index where not indisvalid or not indisready'
/** The server enforces foreign keys itself, unless it was told not to check them. */
const uncheckedKeys = `select conrelid::regclass || ' ' || conname from pg_constraint where contype = 'f' and not convalidated`

const faultsOf = async (rows: Rows, statement: string, fault: string) =>
  (await rows(statement, [])).map(([name]) => `${name} ${fault}`)

const searchFaults: (rows: Rows, ...given: Parameters<Snapshot['searchFaults']>) => Promise<string[]> =
  async (rows, { name, after, rows: entries }) => {
    let expected = 0
    for await (const part of entries) {
      expected += part.length
      const made = part.map((entry) => ({ position: entry.position, words: vectorOf(entry) }))
      const [wrong] = await rows(
        `select made.position from jsonb_to_recordset($1::text::jsonb) as made (position bigint, words text)
        left join "${name}" as kept using (position) where kept.words is distinct from made.words::tsvector limit 1`,
        [JSON.stringify(made)],
      )
      if (wrong) return [`the index differs from its rows, first at row ${wrong[0]}`]
    }
    const [kept] = await rows(`select count(*) from "${name}" where position > $1`, [after])
    const tooMany = Number(kept?.[0]) - expected
    return tooMany === 0 ? [] : [`the index has ${tooMany} rows too many`]
  }
