import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { createStore } from '../../src/db/open'
import { systemClock } from '../../src/lib/clock'
import { contentOf, runBeside } from '../support/beside'
import { type Binary, buildBinary } from '../support/binary'
import { freshDatabase } from '../support/databases'
import { onPostgres } from '../support/engine'

describe.if(onPostgres)('reeve copy', () => {
  let binary: Binary
  let data: string
  let database: Awaited<ReturnType<typeof freshDatabase>>
  beforeAll(async () => {
    binary = await buildBinary()
    data = join(binary.directory, 'data')
    database = await freshDatabase()
    const rows = Array.from({ length: 1_500 }, (_, i) => `Pothole ${i},Ada ${i},a${i}@example.org`)
    const steps: [string[], string?][] = [
      [['tenant', 'create', '--slug', 'avon', '--name', 'Tŷ Avon']],
      [['user', 'create', '--tenant', 'avon', '--email', 'a@example.org', '--name', 'A', '--role', 'admin']],
      [['key', 'create', '--tenant', 'avon', '--name', 'k', '--scopes', 'all']],
    ]
    for (const [args] of steps) expect([args[0], (await here(args)).code]).toEqual([args[0], 0])
    const file = join(binary.directory, 'cases.csv')
    await Bun.write(file, ['summary,residentName,residentEmail', ...rows].join('\n'))
    expect((await here(['import', 'cases', file, '--tenant', 'avon'])).code).toBe(0)
  })
  afterAll(async () => {
    binary?.remove()
    await database?.drop()
  })

  const here = (args: string[]) => binary.run(args, { env: { REEVE_DATA: data } })
  const copy = (to = database.url, from = `sqlite:${data}`) =>
    here(['copy', '--from', from, '--to', to, '--json'])
  const there = (args: string[]) =>
    binary.run(args, {
      env: {
        DATABASE_URL: database.url,
        REEVE_DATA: join(binary.directory, 'elsewhere'),
        REEVE_SECRET_KEY_FILE: join(data, 'secret.key'),
      },
    })

  test.each([
    ['nothing', [], /--from/],
    ['a source that is none', ['--from', 'sqlite:/nowhere', '--to', 'postgres://a/b'], /no database/],
    ['a source of another kind', ['--from', '/nowhere', '--to', 'postgres://a/b'], /sqlite:/],
    ['a target of another kind', ['--from', 'sqlite:.', '--to', 'mysql://a/b'], /no database|postgres:/],
  ])('is refused with %s', async (_, args, message) => {
    const { code, err } = await here(['copy', ...args])
    expect([code, err]).toEqual([2, expect.stringMatching(message)])
  })

  test('is refused while the store is served, and without a server to copy to', async () => {
    const server = await binary.start(['serve'], { REEVE_DATA: data })
    expect((await copy()).err).toContain('Another copy of Reeve is using')
    await server.stop()
    const { code, err } = await copy('postgres://reeve:hunter2@127.0.0.1:1/reeve')
    expect([code, err]).toEqual([1, expect.stringContaining('cannot be reached')])
    expect(err).not.toContain('hunter2')
  })

  test('keeps nothing where a row is changed on its way, and can be run again', async () => {
    const place = { config: { data, databaseUrl: database.url } }
    await createStore({ ...place.config, databasePool: 1 }, systemClock)
    await runBeside(
      place,
      `create function meddle() returns trigger language plpgsql as $$ begin new.summary = 'x'; return new; end $$`,
      'create trigger meddle before insert on cases for each row execute function meddle()',
    )
    const { code, err } = await copy()
    expect([code, err]).toEqual([1, expect.stringContaining('cases differs after the copy')])
    await runBeside(place, 'drop trigger meddle on cases')
    const content = await contentOf(place)
    const { schema_migrations: _, ...tables } = content
    expect(Object.entries(tables).filter(([, rows]) => rows.length > 0)).toEqual([])
  })

  test('takes a store of an earlier version, and one that another program keeps a table in', async () => {
    // What was not kept yet when the store was made, and what a program for backups left behind.
    await runBeside(
      { config: { data, databaseUrl: null } },
      'DELETE FROM audit_heads',
      "DELETE FROM store_facts WHERE name IN ('audit-heads', 'case-figures')",
      'CREATE TABLE _litestream_lock (id INTEGER)',
    )
    const own = await freshDatabase()
    try {
      const { code, err } = await copy(own.url)
      expect([code, err]).toEqual([0, ''])
    } finally {
      await own.drop()
    }
  })

  test('brings everything over: rows, references, search, audit chain, and what is counted on', async () => {
    const { code, out, err } = await copy()
    expect([code, err]).toEqual([0, ''])
    const { tables, auditEntries } = JSON.parse(out)
    const rows = Object.fromEntries(
      tables.map((each: { table: string; rows: number }) => [each.table, each.rows]),
    )
    expect(rows).toMatchObject({ cases: 1_500, residents: 1_500, tenants: 1, users: 1, api_keys: 1 })
    expect(auditEntries).toBe(rows.audit_entries)
    expect((await there(['check'])).out).not.toContain('FAILED')
    const exported = ['export', 'cases', '--tenant', 'avon', '--residents']
    expect((await there(exported)).out).toBe((await here(exported)).out)
    const file = join(binary.directory, 'more.csv')
    await Bun.write(file, 'summary\nAfter the move\n')
    expect((await there(['import', 'cases', file, '--tenant', 'avon'])).code).toBe(0)
    expect((await there(['export', 'cases', '--tenant', 'avon'])).out).toContain('-1501,')
    expect((await there(['check'])).out).not.toContain('FAILED')
  })

  test('is refused where there is something already', async () => {
    const { code, err } = await copy()
    expect([code, err]).toEqual([1, expect.stringContaining('The target is not empty')])
  })
})
