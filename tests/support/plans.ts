import type { Database } from 'bun:sqlite'
import { openConnection } from '../../src/db/sqlite/connection'
import { databaseOn } from '../../src/db/sqlite/engine'
import { storeFile } from '../../src/db/sqlite/open'
import type { Council, TestApp } from './app'

/** The query plans of the work’s queries, without statistics. */
export async function planOf(
  app: TestApp,
  council: Council,
  work: (ctx: Council['ctx']) => Promise<unknown>,
): Promise<string[]> {
  const connection = openConnection(storeFile(app.config.data), 'reader')
  const asked: string[] = []
  const query = connection.query.bind(connection)
  connection.prepare = ((text: string) => {
    asked.push(text)
    return query(text)
  }) as Database['prepare']
  await work({ ...council.ctx, db: databaseOn(connection) })
  const steps = asked.flatMap(
    (text) => connection.query(`EXPLAIN QUERY PLAN ${text}`).values() as unknown[][],
  )
  connection.close()
  return steps.map((step) => String(step[3])).filter((step) => /(SEARCH|SCAN) (cases|residents)/.test(step))
}
