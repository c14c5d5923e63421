import { afterEach, describe, expect, test } from 'bun:test'
import { SQL } from 'bun'
import { sql } from 'drizzle-orm'
import { storeFacts } from '../../../src/core/tenants/table'
import type { Db } from '../../../src/db/dialect'
import { PostgresWriter } from '../../../src/db/postgres/writer'
import { onPostgres } from '../../support/engine'
import { refusalOf } from '../../support/store'
import { temporaryStores } from './support'

const { migrated } = temporaryStores()

describe.if(onPostgres)('a writer', () => {
  let writer: PostgresWriter | undefined
  afterEach(() => writer?.close())

  const writerOf = async (connections: number, limitMs: number) => {
    const { databaseUrl } = await migrated()
    writer = new PostgresWriter(new SQL(databaseUrl as string, { max: connections }), connections, limitMs)
    return writer
  }
  const put = (name: string) => (tx: Db) => tx.insert(storeFacts).values({ name, value: 'x' })
  const names = async (from: PostgresWriter) =>
    (await from.write((tx) => tx.select().from(storeFacts).orderBy(storeFacts.name))).map(({ name }) => name)

  test('gives up a connection that does not answer, and nothing of its change is kept', async () => {
    const own = await writerOf(1, 200)
    const stuck = own.write(async (tx) => {
      await put('stuck')(tx)
      await tx.run(sql`select pg_sleep(5)`)
    })
    const waiting = own.write(put('waiting'))
    expect(await refusalOf(() => stuck)).toMatchObject({
      kind: 'unavailable',
      message: 'The database took too long to answer',
    })
    await waiting
    expect(await names(own)).toEqual(['waiting'])
  })

  test('lets a change that fails make place for those that wait, on the same connection', async () => {
    const own = await writerOf(1, 5_000)
    const backendOf = async (tx: Db) => tx.values(sql`select pg_backend_pid()`)
    const before = await own.write(backendOf)
    const failing = own.write(async (tx) => {
      await put('failed')(tx)
      throw new Error('Changed its mind')
    })
    const waiting = own.write(put('waiting'))
    await expect(failing).rejects.toThrow('Changed its mind')
    await waiting
    expect(await own.write(backendOf)).toEqual(before)
    expect([await names(own), own.commits]).toEqual([['waiting'], 4])
  })

  test('refuses what waits when it closes, and finishes what runs', async () => {
    const own = await writerOf(1, 5_000)
    const running = own.write(async (tx) => {
      await put('running')(tx)
      await tx.run(sql`select pg_sleep(0.2)`)
    })
    const waiting = refusalOf(() => own.write(put('waiting')))
    await Bun.sleep(100)
    const closing = own.close()
    expect((await waiting).message).toBe('The database is closing')
    await running
    await closing
    writer = undefined
  })
})
