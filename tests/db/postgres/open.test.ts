import { describe, expect, test } from 'bun:test'
import type { SQL } from 'bun'
import { eq } from 'drizzle-orm'
import { storeFacts } from '../../../src/core/tenants/table'
import { createStore, lockStore, migrateStore, openStore, readMigrationStatus } from '../../../src/db/open'
import { addressOf, openPool } from '../../../src/db/postgres/connection'
import { lockOf } from '../../../src/db/postgres/locks'
import { migrate, migrationStatus } from '../../../src/db/postgres/migrate'
import { migrations } from '../../../src/db/postgres/migrations'
import type { Store } from '../../../src/db/store'
import { runBeside } from '../../support/beside'
import { onPostgres } from '../../support/engine'
import { refusalOf } from '../../support/store'
import { changed, clock, temporaryStores } from './support'

const { database, migrated, open } = temporaryStores()
const names = migrations.map(({ name }) => name)

/** Whether the copy leads soon: the server lets go of a lock some moments after its connection is closed. */
async function soonLeads(copy: Store): Promise<boolean> {
  for (let tries = 0; tries < 100; tries++) {
    if (await copy.leads()) return true
    await Bun.sleep(10)
  }
  return false
}

describe.if(onPostgres)('a database is refused', () => {
  test.each([
    [
      'where the password is wrong',
      { password: 'wrong' },
      'The database server refused the user or password',
    ],
    ['where the user is unknown', { username: 'nobody' }, 'The database server refused the user or password'],
    ['that is not there', { pathname: '/nowhere' }, 'The database server has no database of this name'],
    ['whose server is down', { port: '1' }, 'The database server cannot be reached'],
    ['whose server has no address', { hostname: 'nowhere.invalid' }, 'The database server cannot be reached'],
  ])('%s, without telling its address', async (_, change, sentence) => {
    const place = changed(await migrated(), change)
    for (const work of [openStore, migrateStore, readMigrationStatus]) {
      const { kind, message, details } = await refusalOf(() => work(place, clock))
      expect([kind, message]).toEqual(['unavailable', sentence])
      expect(JSON.stringify(details)).not.toContain('postgres://')
    }
  })

  test('that a newer Reeve made, and is left as it is', async () => {
    const place = await migrated()
    await runBeside({ config: place }, `insert into schema_migrations values ('9999_future', 'x', 1)`)
    for (const work of [openStore, migrateStore, readMigrationStatus]) {
      expect((await refusalOf(() => work(place, clock))).message).toBe(
        'The database was made by a newer version of Reeve (migration 9999_future); nothing was changed',
      )
    }
  })

  test('whose migration was altered', async () => {
    const place = await migrated()
    await runBeside({ config: place }, `update schema_migrations set hash = 'x'`)
    expect((await refusalOf(() => openStore(place, clock))).message).toContain(
      'differs from the one in this version',
    )
  })

  test('that is empty, until a store is made in it', async () => {
    const place = await database()
    expect((await readMigrationStatus(place)).every(({ appliedAt }) => appliedAt === null)).toBe(true)
    for (const work of [openStore, migrateStore]) {
      expect((await refusalOf(() => work(place, clock))).message).toBe(
        'There is no store in the database: "reeve serve" or "reeve tenant create" makes one',
      )
    }
    expect(await createStore(place, clock)).toEqual({ applied: names, backup: null })
    expect(await createStore(place, clock)).toEqual({ applied: [], backup: null })
    expect(await migrateStore(place, clock)).toEqual({ applied: [], backup: null })
    expect(await readMigrationStatus(place)).toEqual(names.map((name) => ({ name, appliedAt: clock.now() })))
    await open(place)
  })

  test('that is read-only: nothing can be migrated, nor changed', async () => {
    const empty = await database()
    const place = await migrated()
    const store = await open(place)
    for (const { databaseUrl } of [empty, place]) {
      const name = new URL(databaseUrl as string).pathname.slice(1)
      await runBeside({ config: place }, `alter database ${name} set default_transaction_read_only = on`)
    }
    expect(await refusalOf(() => createStore(empty, clock))).toMatchObject({
      kind: 'unavailable',
      message: 'The database server is a read-only replica',
    })
    const facts = { name: 'a', value: 'b' }
    expect(await refusalOf(() => store.write((tx) => tx.insert(storeFacts).values(facts)))).toMatchObject({
      kind: 'unavailable',
      message: 'The database server is a read-only replica',
    })
    expect(await store.read.select().from(storeFacts)).toEqual([])
  })
})

describe.if(onPostgres)('a store', () => {
  test('is migrated once by five that start at the same time', async () => {
    const place = await database()
    const results = await Promise.all(Array.from({ length: 5 }, () => createStore(place, clock)))
    expect(results.map(({ applied }) => applied.length).sort()).toEqual([0, 0, 0, 0, names.length])
  })

  test('is migrated once, also for one that has looked before and then waited for another', async () => {
    const place = await database()
    const [one, other] = [1, 2].map(() => openPool(addressOf(place), { max: 1, idleSeconds: 0 })) as [
      SQL,
      SQL,
    ]
    expect((await migrationStatus(one)).every(({ appliedAt }) => appliedAt === null)).toBe(true)
    await other.unsafe('begin')
    await other.unsafe(`select pg_advisory_xact_lock(${lockOf('migrating')})`)
    // A small one: the server tells who waits of many new tables at once.
    const small = [{ name: '0000_small', sql: 'create table small (id integer)' }]
    const waiting = migrate(one, clock.now, small)
    const isWaiting = "select 1 from pg_locks where locktype = 'advisory' and not granted"
    while ((await other.unsafe(isWaiting)).length === 0) await Bun.sleep(1)
    expect(await migrate(other, clock.now, small)).toEqual(['0000_small'])
    expect(await waiting).toEqual([])
    await Promise.all([one.close(), other.close()])
  })

  test('reads what is committed, and cannot be changed by what reads', async () => {
    const store = await open(await migrated())
    await store.write((tx) => tx.insert(storeFacts).values({ name: 'a', value: 'b' }))
    expect(await store.read.select().from(storeFacts)).toEqual([{ name: 'a', value: 'b' }])
    expect(store.commits()).toBe(1)
    const deletion = async () => store.read.delete(storeFacts).where(eq(storeFacts.name, 'a'))
    await expect(deletion()).rejects.toMatchObject({ errno: '25006' })
  })

  test('keeps nothing of a change that fails, and says nothing of its values', async () => {
    const store = await open(await migrated())
    const failing = store.write(async (tx) => {
      await tx.insert(storeFacts).values({ name: 'secret-name', value: 'b' })
      await tx.insert(storeFacts).values({ name: 'secret-name', value: 'b' })
    })
    const error = await failing.catch((cause) => cause)
    expect(error).toBeInstanceOf(Error)
    expect(`${error.message} ${error.stack}`).not.toContain('secret-name')
    expect(await store.read.select().from(storeFacts)).toEqual([])
  })

  test('keeps nothing of a change that goes on after a statement has failed, and does not call it done', async () => {
    const store = await open(await migrated())
    const stubborn = store.write(async (tx) => {
      const fact = { name: 'a', value: 'b' }
      await tx.insert(storeFacts).values(fact)
      await Promise.resolve(tx.insert(storeFacts).values(fact)).catch(() => {})
    })
    expect((await refusalOf(() => stubborn)).kind).toBe('internal')
    expect(await store.read.select().from(storeFacts)).toEqual([])
  })

  test('runs more changes at once than it has connections, each whole', async () => {
    const store = await open(await migrated())
    const writes = Array.from({ length: 50 }, (_, i) =>
      store.write((tx) => tx.insert(storeFacts).values({ name: `n${i}`, value: 'x' })),
    )
    await Promise.all(writes)
    expect(await store.read.select().from(storeFacts)).toHaveLength(50)
    await store.close()
    expect((await refusalOf(() => store.write(async () => {}))).message).toBe('The database is closing')
  })
})

describe.if(onPostgres)('the lock of a database', () => {
  test('is shared by those who serve it, and shuts them out for who works alone', async () => {
    const place = await migrated()
    const [one, two] = [await lockStore(place, 'serve'), await lockStore(place, 'serve')]
    expect((await refusalOf(() => lockStore(place, 'alone'))).kind).toBe('conflict')
    await one.release()
    await two.release()
    const alone = await lockStore(place, 'alone')
    expect((await refusalOf(() => lockStore(place, 'serve'))).kind).toBe('conflict')
    await alone.release()
    await (await lockStore(place, 'serve')).release()
  })
})

describe.if(onPostgres)('of several copies', () => {
  test('one leads, until its connection is gone', async () => {
    const place = await migrated()
    const [one, two] = [await open(place), await open(place)]
    expect([await one.leads(), await two.leads(), await one.leads()]).toEqual([true, false, true])
    await one.close()
    expect(await soonLeads(two)).toBe(true)
  })

  test('each loses the lead with its connection, and may take it again', async () => {
    const place = await migrated()
    const [one, two] = [await open(place), await open(place)]
    expect([await one.leads(), await two.leads()]).toEqual([true, false])
    await runBeside(
      { config: place },
      `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = 2 and granted`,
    )
    expect(await soonLeads(two)).toBe(true)
    // The first to ask finds the connection gone; asked again it has another.
    await one.leads().catch(() => false)
    expect(await one.leads()).toBe(false)
  })

  test('all count towards one limit', async () => {
    const place = await migrated()
    const [one, two] = [await open(place), await open(place)]
    const [here, there] = [one.windows?.('keys', 60_000), two.windows?.('keys', 60_000)]
    if (!here || !there) throw new Error('There are no shared windows')
    const counts = await Promise.all(
      Array.from({ length: 12 }, (_, i) => (i % 2 ? here : there).hit('k', 10, 0)),
    )
    expect(counts.map(({ count }) => count).sort((a, b) => a - b)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 11,
    ])
    expect(counts.filter(({ isExceeded }) => isExceeded)).toHaveLength(2)
    expect(await here.peek('k', 10, 0)).toMatchObject({ count: 11, remaining: 0, isExceeded: true })
    expect(await here.peek('other', 10, 0)).toEqual({
      count: 0,
      remaining: 10,
      isExceeded: false,
      resetMs: 60_000,
    })
    expect((await one.windows?.('failures', 60_000).hit('k', 10, 0))?.count).toBe(1)
    const brief = two.windows?.('brief', 1)
    await brief?.hit('k', 10, 0)
    await Bun.sleep(5)
    expect((await brief?.hit('k', 10, 0))?.count).toBe(1)
    await Bun.sleep(5)
    await brief?.sweep(0)
    expect((await brief?.peek('k', 10, 0))?.count).toBe(0)
  })
})
