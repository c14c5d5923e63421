import { afterAll, beforeAll, expect, test } from 'bun:test'
import { getResidents, listCaseIds } from '../../../src/resources/cases/residents/store'
import { getCasesAt, getCasesById } from '../../../src/resources/cases/store'
import { type Council, createCouncil, createTestApp, type TestApp } from '../../support/app'
import { createTestCase } from '../../support/casework'
import { onSqlite } from '../../support/engine'
import { unlimited } from '../../support/http'
import { planOf as planOfWork } from '../../support/plans'

let app: TestApp
let council: Council

beforeAll(async () => {
  app = await createTestApp(unlimited)
  council = await createCouncil(app, 'avon')
  await createTestCase(app, council, { summary: 'x', residentName: 'Ada Green' })
})
afterAll(() => app.close())

const planOf = (work: (ctx: Council['ctx']) => Promise<unknown>) => planOfWork(app, council, work)

test.if(onSqlite).each([
  ['residents by case', (ctx: Council['ctx']) => getResidents(ctx, ['a', 'b']), 'residents', 'case_id'],
  ['cases by id', (ctx: Council['ctx']) => getCasesById(ctx, ['a', 'b']), 'cases', 'id'],
  ['cases by position', (ctx: Council['ctx']) => getCasesAt(ctx, [1, 2]), 'cases', 'position'],
])('%s are looked up one by one, however many the council has', async (_, work, table, column) => {
  const steps = await planOf(work)
  expect(steps).toHaveLength(1)
  expect(steps[0]).toMatch(new RegExp(`SEARCH ${table} USING INDEX \\S+ \\(${column}=\\?\\)`))
})

test.if(onSqlite)(
  'cases of a resident are looked up from the resident, by what it is searched by',
  async () => {
    const given = { email: [], phone: [], postcode: ['BS2 9YT'] }
    const acting = { id: 'worker', name: 'A worker', role: 'caseworker', wardIds: [] } as const
    const steps = await planOf((ctx) => listCaseIds({ ...ctx, acting }, given))
    expect(steps).toHaveLength(2)
    expect(steps[0]).toMatch(
      /SEARCH residents USING INDEX residents_postcode \(tenant_id=\? AND postcode_hash=\?\)/,
    )
    expect(steps[1]).toMatch(/SEARCH cases USING INDEX \S+ \(id=\?\)/)
  },
)
