import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { asc, eq } from 'drizzle-orm'
import { auditEntries } from '../../src/core/audit/table'
import { consoleCtx, createTenant, setPlan, type TenantCreate } from '../../src/core/tenants/service'
import { getTenantBySlug, listTenants } from '../../src/core/tenants/store'
import { createTestApp, type TestApp, testActor } from '../support/app'
import { refusalOf } from '../support/store'

let app: TestApp
beforeEach(async () => {
  app = await createTestApp()
})
afterEach(() => app.close())

const create = (input: Partial<TenantCreate> = {}) =>
  createTenant(app.deps, testActor, { slug: 'avon', name: 'Avon Council', ...input })
const all = () => listTenants(app.deps.store.read)
const planChanges = async () => {
  const rows = await app.deps.store.read
    .select()
    .from(auditEntries)
    .where(eq(auditEntries.action, 'tenant.set_plan'))
    .orderBy(asc(auditEntries.seq))
  return rows.map(({ changes }) => changes)
}

describe('making a council is refused', () => {
  test.each(['', 'Avon', 'avon council', '-avon', 'avon-', 'avôn', 'a/b', '..', 'a'.repeat(64)])(
    'with the slug "%s"',
    async (slug) => {
      const { kind, message } = await refusalOf(() => create({ slug }))
      expect(kind).toBe('bad_request')
      expect(message).toContain(`"${slug}"`)
      expect(await all()).toEqual([])
    },
  )

  test('without a name', async () => {
    expect((await refusalOf(() => create({ name: ' ' }))).message).toBe('A council needs a name')
  })

  test('with a slug that is taken', async () => {
    await create()
    const { kind, message, details } = await refusalOf(() => create({ name: 'Another' }))
    expect({ kind, message, details }).toEqual({
      kind: 'conflict',
      message: 'There is already a council "avon"',
      details: { slug: 'avon' },
    })
    expect((await all()).map(({ name }) => name)).toEqual(['Avon Council'])
  })
})

describe('a new council', () => {
  test('has the plan Council, London time and the reference prefix CW where nothing is said', async () => {
    const tenant = await create({ name: ' Avon Council ' })
    expect(tenant).toEqual({
      id: tenant.id,
      slug: 'avon',
      name: 'Avon Council',
      plan: 'council',
      timezone: 'Europe/London',
      nation: 'england_wales',
      calendar: { added: [], removed: [] },
      targetDays: 10,
      targetDayType: 'working',
      reopenWindowDays: 5,
      referencePrefix: 'CW',
      rateLimit: null,
      corsOrigins: [],
      retentionMonths: 24,
      publicMinCell: 5,
      webhooksPersonalData: false,
      open311Enabled: false,
      website: null,
      newsPage: null,
      eventPage: null,
      casePage: null,
      requireSecondFactor: true,
    })
    expect(await getTenantBySlug(app.deps.store.read, 'avon')).toEqual(tenant)
    expect(await all()).toMatchObject([{ nation: 'england_wales', createdAt: app.clock.now() }])
  })

  test.each(['a', '0', 'a-b', 'a'.repeat(63)])('may have the slug "%s"', async (slug) => {
    expect((await create({ slug, plan: 'free', nation: 'scotland' })).plan).toBe('free')
    expect(await all()).toMatchObject([{ slug, nation: 'scotland' }])
  })

  test('begins its own audit log with its making', async () => {
    const tenant = await create({ plan: 'pro' })
    const rows = await app.deps.store.read.select().from(auditEntries)
    expect(rows).toMatchObject([
      { tenantId: tenant.id, seq: 1, action: 'tenant.create', entityId: tenant.id },
    ])
    expect(rows[0]?.changes).toMatchObject({
      slug: { from: null, to: 'avon' },
      plan: { from: null, to: 'pro' },
      nation: { from: null, to: 'england_wales' },
    })
  })
})

describe('the plan of a council', () => {
  test('can be changed, and the log tells from what to what', async () => {
    const tenant = await create()
    const ctx = await consoleCtx(app.deps, 'avon', testActor)
    expect(await setPlan(ctx, 'pro')).toEqual({ ...tenant, plan: 'pro' })
    expect((await getTenantBySlug(app.deps.store.read, 'avon')).plan).toBe('pro')
    expect(await planChanges()).toEqual([{ plan: { from: 'council', to: 'pro' } }])
  })

  test('changed twice at the same time tells each step as it was', async () => {
    await create()
    const [one, two] = [
      await consoleCtx(app.deps, 'avon', testActor),
      await consoleCtx(app.deps, 'avon', testActor),
    ]
    await setPlan(one, 'pro')
    await setPlan(two, 'free')
    expect(await planChanges()).toEqual([
      { plan: { from: 'council', to: 'pro' } },
      { plan: { from: 'pro', to: 'free' } },
    ])
  })
})

describe('the console', () => {
  const refusalFor = (slug: string) => refusalOf(() => consoleCtx(app.deps, slug, testActor))

  test('is told how to make a council where there is none', async () => {
    const { kind, message } = await refusalFor('severn')
    expect({ kind, message }).toEqual({
      kind: 'not_found',
      message: 'There is no council "severn". There is none yet: "reeve tenant create" makes one',
    })
  })

  test('is told the councils there are, if they are few', async () => {
    await create({ slug: 'bristol-city-council' })
    const start = 'There is no council "bristol". '
    expect((await refusalFor('bristol')).message).toBe(`${start}The only council is bristol-city-council`)
    await create({ slug: 'avon' })
    expect((await refusalFor('bristol')).message).toBe(`${start}The councils are avon, bristol-city-council`)
  })

  test('is told the nearest, if there are many', async () => {
    for (const slug of ['bristol-city-council', 'brighton', 'bristow', 'kent', 'devon', 'essex']) {
      await create({ slug })
    }
    for (let i = 0; i < 5; i++) await create({ slug: `council-${i}` })
    expect((await refusalFor('bristol')).message).toBe(
      'There is no council "bristol". The nearest are bristow, bristol-city-council, brighton; ' +
        '"reeve tenant list" shows all 11',
    )
  })

  test('works in one council, bounded by no user', async () => {
    const tenant = await create()
    const ctx = await consoleCtx(app.deps, 'avon', testActor)
    expect(ctx).toMatchObject({ tenantId: tenant.id, tenant, actor: testActor, acting: null })
  })
})

test('councils are listed by their slugs', async () => {
  for (const slug of ['severn', 'avon', 'mersey']) await create({ slug })
  expect((await all()).map(({ slug }) => slug)).toEqual(['avon', 'mersey', 'severn'])
})
