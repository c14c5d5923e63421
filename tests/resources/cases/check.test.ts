import { Database } from 'bun:sqlite'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test'
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Secrets } from '../../../src/core/ctx'
import { withSnapshot } from '../../../src/db/sqlite/check'
import { storeFile } from '../../../src/db/sqlite/open'
import type { Store } from '../../../src/db/store'
import { createTestApp, type TestApp } from '../../support/app'
import { createTestCase } from '../../support/casework'
import { onPostgres, onSqlite } from '../../support/engine'
import { unlimited } from '../../support/http'
import { type Body, caller } from './support'
import { createTwin, failedChecks, type Twin } from './transfer-support'

let app: TestApp
let secrets: Secrets
let council: Twin
let other: Twin
let sound: string
let path: string
let made: Body[]

beforeAll(async () => {
  app = await createTestApp(unlimited)
  secrets = app.deps.secrets
  const call = caller(app)
  council = await createTwin(app, 'avon')
  other = await createTwin(app, 'severn')
  await createTestCase(app, other, { summary: 'Next door' })
  const input = { wardId: council.wards[0], categoryId: council.categories.Potholes }
  made = []
  for (const summary of ['Pothole', 'Broken lamp', 'Full bin', 'Fallen tree']) {
    const resident = { residentName: summary, residentEmail: 'a@example.org', residentPostcode: 'BS2 9YT' }
    made.push(await createTestCase(app, council, { summary, ...input, ...resident }))
  }
  await call.change(made[0].id, { status: 'in_progress', assigneeId: council.worker }, council)
  await call.change(made[0].id, { status: 'closed', resolution: 'answered' }, council)
  await call.change(made[1].id, { summary: 'Broken street lamp', wardId: council.wards[1] }, council)
  await call.change(made[2].id, { archived: true, description: 'Tŷ Hafan' }, council)
  await call.note(made[3].id, { body: 'A note' }, council)
  sound = join(app.config.data, 'sound.db')
  path = join(app.config.data, 'broken.db')
  if (onPostgres) return
  const beside = new Database(storeFile(app.config.data))
  beside.query('VACUUM INTO ?').run(sound)
  beside.close()
})
afterAll(() => app.close())

afterEach(() => {
  for (const ending of ['', '-wal', '-shm']) rmSync(`${path}${ending}`, { force: true })
})

const brokenStore: Pick<Store, 'snapshot'> = { snapshot: (work) => withSnapshot(path, work) }

/** The checks that fail once a copy of the sound store has been broken by somebody who does not ask it. */
async function failedAfter(...statements: string[]): Promise<Record<string, string[]>> {
  copyFileSync(sound, path)
  const beside = new Database(path, { readwrite: true })
  beside.run('PRAGMA foreign_keys = OFF')
  for (const statement of statements) {
    const before = beside.query('SELECT total_changes() AS changes').get() as { changes: number }
    beside.run(statement)
    const after = beside.query('SELECT total_changes() AS changes').get() as { changes: number }
    const isPragma = statement.startsWith('PRAGMA')
    expect([statement, isPragma || after.changes > before.changes]).toEqual([statement, true])
  }
  beside.close()
  return failedChecks({ store: brokenStore, secrets })
}

const saying = (...texts: (string | undefined)[]) => [
  expect.stringMatching(new RegExp(texts.map((text) => (text ?? '?').replace(/[.*+?]/g, '\\$&')).join('.*'))),
]

// In a copy of the file; tests/db/postgres has what the checks find on PostgreSQL.
describe.if(onSqlite)('a broken store is found out', () => {
  test('by a counter that is off by one, above or below', async () => {
    for (const [by, kept] of [
      ['+ 1', 2],
      ['- 1', 0],
    ]) {
      const where = `tenant_id = '${council.tenant.id}' AND status = 'closed' AND cases = 1`
      expect(await failedAfter(`UPDATE case_counters SET cases = cases ${by} WHERE ${where}`)).toEqual({
        counters: saying(council.tenant.id, 'closed', council.wards[0], `: ${kept} kept, 1 counted`),
      })
    }
  })

  test('by a counter that is missing, and by one of nothing', async () => {
    const where = `tenant_id = '${other.tenant.id}'`
    expect(await failedAfter(`DELETE FROM case_counters WHERE ${where}`)).toEqual({
      counters: saying(other.tenant.id, 'open', ': none kept, 1 counted'),
    })
    const row = `SELECT tenant_id, 0, 'resolved', '', '', 3 FROM case_counters WHERE ${where}`
    expect(await failedAfter(`INSERT INTO case_counters ${row}`)).toEqual({
      counters: saying(other.tenant.id, 'resolved', ': 3 kept, 0 counted'),
    })
  })

  test('by a year’s counter that is behind or missing, and not by one that is ahead', async () => {
    const where = `WHERE tenant_id = '${council.tenant.id}'`
    const behind = {
      references: saying(`${council.tenant.id} 2026: number 4 is given, the counter is behind`),
    }
    expect(await failedAfter(`UPDATE case_sequences SET last = 3 ${where}`)).toEqual(behind)
    expect(await failedAfter(`DELETE FROM case_sequences ${where}`)).toEqual(behind)
    expect(await failedAfter(`UPDATE case_sequences SET last = 9 ${where}`)).toEqual({})
  })

  test('by a reference that says another number or year than the case has', async () => {
    const where = `WHERE id = '${made[3].id}'`
    expect(await failedAfter(`UPDATE cases SET reference = 'CW-2026-0005' ${where}`)).toMatchObject({
      references: saying('CW-2026-0005 does not say its year and number'),
    })
    expect(
      await failedAfter(`UPDATE cases SET reference_year = 2025, reference_number = 1 ${where}`),
    ).toEqual({
      references: [
        ...saying('CW-2026-0004 does not say its year and number'),
        ...saying(`${council.tenant.id} 2025: number 1 is given`),
      ],
    })
  })

  test('by a case that is missing from the order of changes', async () => {
    expect(await failedAfter(`DELETE FROM case_changes WHERE case_id = '${made[1].id}'`)).toEqual({
      'order of changes': saying(`${made[1].reference} is missing from the order of changes`),
    })
  })

  /** The case’s position in the index. */
  const rowOf = (id: string) => {
    const beside = new Database(sound, { readonly: true })
    const [row] = beside.query('SELECT position FROM cases WHERE id = ?').values(id)
    beside.close()
    return Number(row?.[0])
  }
  const differs = (row: number) => ({
    'search index': [expect.stringContaining(`differs from its rows, first at row ${row}, `)],
  })

  test('by a word that the case has and the search index has not, or the other way round', async () => {
    const { id } = made[3]
    for (const [summary, description] of [
      ['Fallen tree', 'zebra'],
      ['Fallen apple', null],
      ['Tree', null],
      ['tree fallen', null],
    ]) {
      const told = description === null ? 'NULL' : `'${description}'`
      const change = `UPDATE cases SET summary = '${summary}', description = ${told} WHERE id = '${id}'`
      expect([change, await failedAfter(change)]).toEqual([change, differs(rowOf(id))])
    }
  })

  test('by a case that is missing from the search index, named by its row', async () => {
    for (const { id } of made) {
      const failed = await failedAfter(`DELETE FROM case_words WHERE rowid = ${rowOf(id)}`)
      expect([id, failed]).toEqual([id, differs(rowOf(id))])
    }
  })

  test('by a case in the search index that is there no more', async () => {
    const entry = `INSERT INTO case_words (rowid, words, forms) VALUES (999, 'zebra', '=tx')`
    expect(await failedAfter(entry)).toEqual(differs(999))
  })

  test('by a case filed under another ward or council than its own', async () => {
    const where = `WHERE id = '${made[3].id}'`
    expect(await failedAfter(`UPDATE cases SET assignee_id = '${council.worker}' ${where}`)).toEqual({
      'search index': saying('forms'),
    })
    expect(await failedAfter(`UPDATE cases SET archived = 1 ${where}`)).toEqual({
      'search index': saying('forms'),
      counters: [expect.any(String), expect.any(String)],
    })
  })

  test('by a resident whose seal was altered, cut or put on another case', async () => {
    const unopened = (...ids: string[]) => ({
      residents: expect.arrayContaining(ids.map((id) => `the resident of case ${id} cannot be opened`)),
    })
    const [first, second] = [made[0].id, made[1].id]
    const sealed = (change: string) => `UPDATE residents SET sealed = ${change} WHERE case_id = '${first}'`
    const swapped = `CASE substr(sealed, 30, 1) WHEN 'A' THEN 'B' ELSE 'A' END`
    for (const change of [
      `substr(sealed, 1, 29) || ${swapped} || substr(sealed, 31)`,
      'substr(sealed, 1, length(sealed) - 2)',
      `'ffffffff' || substr(sealed, 9)`,
      `''`,
      `(SELECT sealed FROM residents WHERE case_id = '${second}')`,
    ]) {
      const failed = await failedAfter(sealed(change))
      expect([change, failed]).toEqual([change, unopened(first)])
      expect(failed.residents).toHaveLength(1)
    }
  })

  test('by a resident who could not be found, or would be found by another’s address', async () => {
    const unfound = { residents: [`the resident of case ${made[0].id} cannot be found`] }
    for (const change of [
      'email_hash = NULL',
      `postcode_hash = substr(postcode_hash, 1, 70) || 'xx'`,
      'phone_hash = email_hash',
    ]) {
      const failed = await failedAfter(`UPDATE residents SET ${change} WHERE case_id = '${made[0].id}'`)
      expect([change, failed]).toEqual([change, unfound])
    }
  })

  test.each([
    ['action', `'case.erase'`],
    ['changes', `replace(changes, 'in_progress', 'resolved')`],
    ['at', 'at + 1'],
    ['actor_name', `'Somebody'`],
    ['entity_id', `'another'`],
    ['hash', `replace(hash, substr(hash, 1, 1), 'x')`],
    ['request_id', `''`],
  ])('by an audit entry whose %s was altered', async (column, value) => {
    const where = `tenant_id = '${council.tenant.id}' AND seq = (SELECT seq FROM audit_entries WHERE action = 'case.update' LIMIT 1)`
    const failed = await failedAfter(`UPDATE audit_entries SET ${column} = ${value} WHERE ${where}`)
    expect(failed).toEqual({ 'audit chain': [expect.stringMatching(/^avon \d+$/)] })
  })

  test('by an audit entry that is missing, even where those after it are numbered anew', async () => {
    const of = `tenant_id = '${council.tenant.id}'`
    for (const seq of [1, 5]) {
      const cut = `DELETE FROM audit_entries WHERE ${of} AND seq = ${seq}`
      expect(await failedAfter(cut)).toEqual({ 'audit chain': [`avon ${seq}`] })
      const away = `UPDATE audit_entries SET seq = seq + 9999 WHERE ${of} AND seq > ${seq}`
      const back = `UPDATE audit_entries SET seq = seq - 10000 WHERE ${of} AND seq > 9999`
      expect(await failedAfter(cut, away, back)).toEqual({ 'audit chain': [`avon ${seq}`] })
    }
  })

  test('by what refers to nothing', async () => {
    const where = `WHERE id = '${made[3].id}'`
    expect(await failedAfter(`UPDATE cases SET councillor_id = 'nobody' ${where}`)).toEqual({
      'foreign keys': saying('cases row', 'refers to a missing row of users'),
    })
    expect(await failedAfter(`UPDATE timeline_entries SET case_id = 'none' WHERE kind = 'note'`)).toEqual({
      'search index': [expect.any(String)],
      'foreign keys': saying('timeline_entries row', 'refers to a missing row of cases'),
    })
  })

  test('by an index of the file that does not hold its rows', async () => {
    const beside = new Database(sound, { readonly: true })
    const [[page] = []] = beside
      .query(`SELECT rootpage FROM sqlite_schema WHERE name = 'residents_email'`)
      .values()
    const [[size] = []] = beside.query('PRAGMA page_size').values()
    const [[hash] = []] = beside.query('SELECT email_hash FROM residents LIMIT 1').values()
    beside.close()
    const file = readFileSync(sound)
    const at = file.indexOf(String(hash), (Number(page) - 1) * Number(size))
    expect(at).toBeLessThan(Number(page) * Number(size))
    file.write('x', at + 20)
    writeFileSync(path, file)
    const failed = await failedChecks({ store: brokenStore, secrets })
    expect(failed).toEqual({ 'integrity of the file': expect.any(Array) })
    expect(failed['integrity of the file']?.join()).toContain('residents_email')
  })

  test('by each check that it concerns, and all the rest goes on', async () => {
    const failed = await failedAfter(
      'UPDATE case_counters SET cases = cases + 1',
      'UPDATE case_sequences SET last = 0',
      'DELETE FROM case_words WHERE rowid > 0',
      `UPDATE residents SET sealed = ''`,
      `UPDATE audit_entries SET hash = ''`,
    )
    expect(Object.keys(failed)).toEqual([
      'counters',
      'references',
      'search index',
      'residents',
      'audit chain',
    ])
    expect(failed['audit chain']).toEqual(['avon 1', 'severn 1'])
  })
})

describe('a sound store', () => {
  test('passes every check, a copy of it too', async () => {
    expect(await failedChecks(app.deps)).toEqual({})
    if (onSqlite) expect(await failedAfter('PRAGMA user_version')).toEqual({})
  })

  test('passes while it is written to, and is left as it was', async () => {
    const before = app.deps.store.commits()
    const writing = Array.from({ length: 20 }, () => createTestCase(app, other, { residentName: 'A' }))
    expect(await failedChecks(app.deps)).toEqual({})
    await Promise.all(writing)
    expect(app.deps.store.commits()).toBeGreaterThan(before)
    expect(await failedChecks(app.deps)).toEqual({})
  })

  test('of no council passes', async () => {
    const empty = await createTestApp()
    expect(await failedChecks(empty.deps)).toEqual({})
    await empty.close()
  })
})
