import { expect, test } from 'bun:test'
import { asc } from 'drizzle-orm'
import { insertStoreFact, listTenants } from '../../src/core/tenants/store'
import { maintain } from '../../src/core/write'
import { seedDemo } from '../../src/dev/demo'
import { timelineEntries } from '../../src/resources/cases/timeline/table'
import { createTestApp } from '../support/app'
import { onSqlite } from '../support/engine'

test('a demo that was kept from an earlier version gets the council of the guides, once', async () => {
  const app = await createTestApp()
  try {
    await maintain(app.deps, (m) => insertStoreFact(m, 'demo-seed', '7'))
    const [first, again] = [await seedDemo(app.deps, 1, 0), await seedDemo(app.deps, 1, 0)]
    expect([first.seed, again]).toEqual([7, first])
    expect((await listTenants(app.deps.store.read)).map(({ slug }) => slug)).toEqual(['bristol'])
  } finally {
    await app.close()
  }
})

// A demo always has an embedded database, whose writer keeps the order of simultaneous changes.
test.if(onSqlite)('what happened to each demo case is told in the order in which it happened', async () => {
  const app = await createTestApp()
  try {
    await seedDemo(app.deps, 1, 60)
    const { caseId, position } = timelineEntries
    const rows = await app.deps.store.read.select().from(timelineEntries).orderBy(asc(caseId), asc(position))
    const early = rows.filter(({ caseId, at }, i) => {
      const before = rows[i - 1]
      return before?.caseId === caseId && at < before.at
    })
    expect(early.map(({ kind, at }) => [kind, at])).toEqual([])
    expect(rows.length).toBeGreaterThan(100)
  } finally {
    await app.close()
  }
})
