import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { removeSecondFactor } from '../../src/core/second-factor/service'
import { codeAt } from '../../src/core/second-factor/totp'
import { deriveSecrets } from '../../src/deps'
import { secureRandom } from '../../src/lib/random'
import { loadSecretKeys } from '../../src/lib/secret-keys'
import { eraseCases } from '../../src/resources/cases/erase.service'
import { resealResidents } from '../../src/resources/cases/residents/service'
import { residents } from '../../src/resources/cases/residents/table'
import { type Council, createCouncil, createTestApp, createTestUser, type TestApp } from '../support/app'
import { createTestCase } from '../support/casework'
import { damageSealed } from '../support/damage'
import { unlimited } from '../support/http'
import { deliverDue, type Receiver, startReceiver } from '../support/receiver'
import {
  authenticatorSecretIn,
  createVisitor,
  password,
  signedInAs,
  withoutSecondFactor,
} from '../support/visitor'
import type { Body } from './cases/support'
import { publicNames } from './webhooks/story'

let app: TestApp
let council: Council
let receiver: Receiver

beforeAll(async () => {
  receiver = startReceiver()
  app = await createTestApp(unlimited, { outbound: publicNames })
})
afterAll(async () => {
  await app.close()
  await receiver.stop()
})

let fresh = 0
beforeEach(async () => {
  council = await createCouncil(app, `fresh-${++fresh}`)
  app.logged.splice(0)
})

const damage = (table: string, column: string, where: string) => damageSealed(app, table, column, where)

const ask = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  app.send(method, path, { key: council.key, headers, ...(body === undefined ? {} : { body }) })
const read = async (path: string): Promise<Body> => {
  const { status, body } = await ask('GET', path)
  expect([path, status]).toEqual([path, 200])
  return body
}

const zinnia = { residentName: 'Zinnia', residentPhone: '0117 496 0123', residentMessage: 'Please help' }
const nothing = {
  residentName: null,
  residentEmail: null,
  residentPhone: null,
  residentAddress: null,
  residentPostcode: null,
  residentMessage: null,
}
const marked = { ...nothing, residentUnreadable: true }

/** Two cases of one resident, whose details can no longer be read in the first. */
async function twoCases(): Promise<{ bad: Body; good: Body }> {
  const [bad, good] = [await createTestCase(app, council, zinnia), await createTestCase(app, council, zinnia)]
  await damage('residents', 'sealed', `case_id = '${bad.id}'`)
  return { bad, good }
}

const toldOf = () =>
  app.logged
    .filter(({ message }) => message === 'residents’ details cannot be opened')
    .map(({ fields }) => fields.cases)

describe('a resident who cannot be read', () => {
  test('is one marked case wherever cases are given out, and told once in the log', async () => {
    const { bad, good } = await twoCases()
    const found = await ask('POST', '/api/cases/search-resident', { phone: '01174960123' })
    const exported = await ask('GET', '/api/cases/export?format=ndjson')
    const lists: Body[][] = [
      [await read(`/api/cases/${bad.id}`), await read(`/api/cases/${good.id}`)],
      (await read('/api/cases')).cases,
      (await read('/api/cases/changes')).changes.map((change: Body) => change.case),
      found.body.cases,
      exported.text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ]
    for (const list of lists) {
      const by = new Map(list.map((one) => [one.id, one]))
      expect(by.get(bad.id)).toMatchObject(marked)
      expect(by.get(good.id)).toMatchObject(zinnia)
      expect(by.get(good.id)).not.toHaveProperty('residentUnreadable')
    }
    expect(toldOf()).toEqual(lists.map(() => [bad.id]))
  })

  test('stays as stored while the rest of the case changes, and is replaced as a whole or not at all', async () => {
    const { bad } = await twoCases()
    const path = `/api/cases/${bad.id}`
    expect((await ask('PATCH', path, { priority: 'high' })).body).toMatchObject({
      priority: 'high',
      ...marked,
    })
    const part = await ask('PATCH', path, { residentName: 'Other' })
    expect([part.status, part.body.details.fields]).toEqual([409, Object.keys(nothing)])
    const shown = await ask('PATCH', path, { publicSummary: 'A hole', publicState: 'approved' })
    expect([shown.status, shown.body.details.issues[0].path]).toEqual([400, 'publicState'])
    expect(await read(path)).toMatchObject(marked)
    const whole = { ...nothing, residentName: 'Other' }
    expect((await ask('PATCH', path, whole)).body).not.toHaveProperty('residentUnreadable')
    expect(await read(path)).toMatchObject(whole)
  })

  test('is said to be so in the dashboard, where nobody can write over them', async () => {
    await withoutSecondFactor(council)
    const { bad } = await twoCases()
    const admin = await signedInAs(app, council, { role: 'admin' })
    const page = await admin.see(`/admin/cases/${bad.reference}/resident`)
    expect([page.status, page.text.includes('These details cannot be read:')]).toEqual([200, true])
    expect(page.html).not.toContain('name="residentName"')
    expect((await admin.see('/admin/cases')).status).toBe(200)
  })

  test('does not keep others from being sealed under a new key', async () => {
    await twoCases()
    const known = loadSecretKeys(app.config)
    const secrets = await deriveSecrets([secureRandom(32), ...known])
    const total = (await app.deps.store.read.select().from(residents)).length
    expect(await resealResidents({ ...app.deps, secrets })).toBeWithin(1, total)
    expect(await resealResidents({ ...app.deps, secrets })).toBe(0)
    expect(app.logged.at(-1)).toMatchObject({ level: 'error', fields: { unreadable: expect.any(Number) } })
  })
})

describe('an event whose resident cannot be read', () => {
  test('is not delivered, for good and for a reason that is shown, while others go on', async () => {
    await ask('PATCH', '/api/settings', { webhooks: { includePersonalData: true } })
    const hook = { url: receiver.url, events: ['case_created'], includePersonalData: true }
    const { id } = (await ask('POST', '/api/webhooks', hook)).body
    const bad = await createTestCase(app, council, zinnia)
    await damage('outbox_events', 'sealed', `entity_id = '${bad.id}'`)
    const good = await createTestCase(app, council, zinnia)
    receiver.received.splice(0)
    while ((await deliverDue(app)) > 0);
    expect(receiver.received.map(({ body }) => body.data.case.id)).toEqual([good.id])
    const { deliveries } = await read(`/api/webhooks/${id}/deliveries`)
    const message = 'The resident’s details can no longer be read'
    const failed = { state: 'failed', attemptCount: 1, nextAttemptAt: null }
    expect(deliveries.find(({ entityId }: Body) => entityId === bad.id)).toMatchObject({
      ...failed,
      attempts: [{ status: null, fault: 'unreadable', message }],
    })
    expect(await read(`/api/webhooks/${id}`)).toMatchObject({ enabled: true, failureCount: 0 })
    await ask('DELETE', `/api/webhooks/${id}`)
  })
})

test('a kept answer that cannot be read is a conflict that says so, and nothing is done again', async () => {
  const send = () => ask('POST', '/api/cases', { summary: 'Pothole' }, { 'idempotency-key': 'once' })
  expect((await send()).status).toBe(201)
  expect((await send()).headers.get('idempotent-replayed')).toBe('true')
  await damage('idempotency_records', 'answer', `tenant_id = '${council.tenant.id}'`)
  const { status, body } = await send()
  expect([status, body.error]).toEqual([409, expect.stringContaining('its answer can no longer be read')])
  expect(app.logged).toContainEqual(expect.objectContaining({ message: 'a kept answer cannot be opened' }))
  expect((await read('/api/cases')).pagination.total).toBe(1)
  const [{ id }] = (await read('/api/cases')).cases
  expect(await eraseCases(council.ctx, app.deps, [id])).toHaveLength(1)
})

test('whoever’s second factor cannot be read is told whom to ask, and a recovery code still lets them in', async () => {
  const { email, id } = await createTestUser(council, { role: 'admin', password })
  const visitor = createVisitor(app, '192.0.2.1')
  const form = { council: council.tenant.slug, email, password }
  await visitor.send('/admin/sign-in', form)
  const page = await visitor.see('/admin/sign-in/second-factor')
  const secret = authenticatorSecretIn(page.html)
  const code = () => codeAt(secret, app.clock.now())
  const codes = await visitor.send('/admin/sign-in/second-factor', { code: code() })
  const recovery = /<li>([A-Z2-9-]{19})<\/li>/.exec(codes.html)?.[1] as string
  await damage('second_factors', 'secret', `user_id = '${id}'`)
  app.clock.advance(60_000)
  await visitor.send('/admin/sign-in', form)
  const refused = await visitor.send('/admin/sign-in/code', { code: code() })
  expect([refused.status, refused.text]).toEqual([
    400,
    expect.stringContaining('ask an administrator to remove'),
  ])
  expect(app.logged).toContainEqual({
    level: 'error',
    message: 'a second factor cannot be opened',
    fields: { requestId: expect.any(String), user: id },
  })
  expect((await visitor.send('/admin/sign-in/code', { code: recovery })).location).toBe('/admin')
  await removeSecondFactor(council.ctx, id)
  expect((await visitor.see('/admin/sign-in/second-factor')).html).toContain('id="key"')
})
