import { expect, test } from 'bun:test'
import { insertStoreFact, listTenants } from '../../src/core/tenants/store'
import { maintain } from '../../src/core/write'
import { seedDemo } from '../../src/dev/demo'
import { createTestApp } from '../support/app'

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
