import { afterAll, beforeAll, expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { putStoreFact } from '../../src/core/tenants/store'
import { maintain } from '../../src/core/write'
import { startRefiling } from '../../src/jobs/refiling'
import { refileSlice, unfiledUpTo } from '../../src/resources/cases/derived/refile.store'
import { caseSearch } from '../../src/resources/cases/derived/search-entry.store'
import { caller } from '../resources/cases/support'
import { failedChecks } from '../resources/cases/transfer-support'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { unlimited } from '../support/http'

let app: TestApp
let council: Council
let call: ReturnType<typeof caller>
beforeAll(async () => {
  app = await createTestApp(unlimited)
  council = await createCouncil(app, 'upgraded')
  call = caller(app)
})
afterAll(() => app.close())

const found = async (typed: string) =>
  (await call.list(`search=${typed}&archived=false`, council)).body.pagination.total

/** The index of an older version after the migration: empty, with every case still to be indexed. */
const forget = () =>
  maintain(app.deps, async (m) => {
    const [[last] = []] = await m.db.values<[number]>(sql`select max(position) from cases`)
    for (let at = 1; at <= Number(last); at++) await caseSearch.remove(m.db, at)
    await putStoreFact(m, 'case-words-unfiled', String(last))
  })

test('an index of an older version is filed anew: newest first, in parts, past every stop', async () => {
  const ids: string[] = []
  for (let i = 0; i < 150; i++) ids.push((await call.create({ summary: `Lamp q${i}` }, council)).id)
  await call.note(ids[3] as string, { body: 'Rang the depot' }, council)
  await forget()
  expect(await found('lamp')).toBe(0)
  // Searches find new cases at once, and the check does not call the unfinished index broken.
  await call.change(ids[0] as string, { summary: 'Bridge q0' }, council)
  await call.create({ summary: 'Lamp anew' }, council)
  expect([await found('bridge'), await found('anew')]).toEqual([1, 1])
  expect(await failedChecks(app.deps)).toEqual({})

  const kept = (await call.list('search=lamp', council)).headers.get('etag') ?? ''
  expect(await maintain(app.deps, refileSlice)).toBeGreaterThan(0)
  // Who kept an answer is told that more is found now.
  expect((await call.list('search=lamp', council)).headers.get('etag')).not.toBe(kept)
  expect(await found('lamp')).toBe(101)
  expect([await found('q149'), await found('q20')]).toEqual([1, 0])
  expect(await failedChecks(app.deps)).toEqual({})

  const refiling = startRefiling(app.deps)
  while ((await unfiledUpTo(app.deps.store.read)) !== 0) await Bun.sleep(5)
  await refiling.stop()
  expect([await found('lamp'), await found('depot'), await found('bridge')]).toEqual([150, 1, 1])
  expect(await failedChecks(app.deps)).toEqual({})
  expect(JSON.stringify(app.logged)).toContain('the search index is rebuilt')
})
