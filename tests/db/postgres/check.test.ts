import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { failedChecks } from '../../resources/cases/transfer-support'
import { type Council, createCouncil, createTestApp, type TestApp } from '../../support/app'
import { openBeside, runBeside } from '../../support/beside'
import { createTestCase } from '../../support/casework'
import { onPostgres } from '../../support/engine'

describe.if(onPostgres)('a broken database is found out', () => {
  let app: TestApp
  let council: Council
  beforeAll(async () => {
    app = await createTestApp({ REEVE_RATE_LIMIT: '1000000' })
    council = await createCouncil(app, 'avon')
    for (const summary of ['Pothole', 'Broken lamp']) {
      await createTestCase(app, council, { summary, residentName: 'Ada Green', residentPostcode: 'BS2 9YT' })
    }
  })
  afterAll(() => app.close())

  test('never where it is sound', async () => {
    expect(await failedChecks(app.deps)).toEqual({})
  })

  test.each([
    ['counters', 'update case_counters set cases = cases + 1', 'update case_counters set cases = cases - 1'],
    ['references', 'update case_sequences set last = last - 1', 'update case_sequences set last = last + 1'],
    [
      'search index',
      `update case_words set words = words || 'more'::tsvector where position = 1`,
      `update case_words set words = ts_delete(words, 'more') where position = 1`,
    ],
    [
      'search index',
      `insert into case_words values (999, 'more')`,
      'delete from case_words where position = 999',
    ],
    [
      'integrity of the file',
      `update pg_index set indisvalid = false where indexrelid = 'cases_created'::regclass`,
      `update pg_index set indisvalid = true where indexrelid = 'cases_created'::regclass`,
    ],
    [
      'foreign keys',
      `update pg_constraint set convalidated = false where conname like 'residents_case_id%'`,
      `update pg_constraint set convalidated = true where conname like 'residents_case_id%'`,
    ],
  ])('by its %s: %s', async (check, harm, repair) => {
    await runBeside(app, harm)
    const failed = await failedChecks(app.deps)
    await runBeside(app, repair)
    expect(Object.keys(failed)).toEqual([check])
    expect(failed[check]).toHaveLength(1)
    expect(await failedChecks(app.deps)).toEqual({})
  })

  test('by a case without words, and by an audit entry that was altered', async () => {
    const beside = openBeside(app)
    const [[position, words] = []] = await beside.rows(
      'delete from case_words where position = 2 returning position, words::text',
    )
    await beside.rows(`update audit_entries set action = 'x' where seq = 2`)
    expect(await failedChecks(app.deps)).toEqual({
      'search index': [`the index differs from its rows, first at row ${position}`],
      'audit chain': ['avon 2'],
    })
    await beside.rows('insert into case_words values ($1, $2::tsvector)', [Number(position), String(words)])
    await beside.close()
  })

  test('while nothing can be changed by the check, whatever is written meanwhile', async () => {
    await app.deps.store.snapshot(async ({ db }) => {
      const before = await db.values(`select count(*) from cases`)
      await createTestCase(app, council, { summary: 'Meanwhile' })
      expect(await db.values(`select count(*) from cases`)).toEqual(before)
      await expect((async () => db.run(`delete from case_words`))()).rejects.toMatchObject({
        errno: '25006',
      })
    })
  })
})
