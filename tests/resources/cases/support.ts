import { expect } from 'bun:test'
import { asc, eq } from 'drizzle-orm'
import { type AuditRow, auditEntries } from '../../../src/core/audit/table'
import type { Tenant } from '../../../src/core/ctx'
import { outboxEvents } from '../../../src/core/outbox/table'
import type { Role } from '../../../src/core/scopes'
import { updateTenant } from '../../../src/core/tenants/store'
import { write } from '../../../src/core/write'
import type { CaseStatus } from '../../../src/resources/cases/table'
import { parseCategories } from '../../../src/resources/categories/import'
import { importCategories } from '../../../src/resources/categories/service'
import {
  type Answer,
  type Council,
  createTestKey,
  createTestUser,
  type SendOptions,
  type TestApp,
} from '../../support/app'
import { bytes, createTestCase } from '../../support/casework'

export type Body = Answer['body']
export type Holder = { key: string }

export const unknownId = 'zzzzzzzzzzzzzzzzzzzzzzzz'

/** The calls that tests of cases make, as the holder of a key. */
export function caller(app: TestApp) {
  const send = (method: string, path: string, { key }: Holder, options: SendOptions = {}) =>
    app.send(method, `/api/cases${path}`, { key, ...options })
  return {
    send,
    get: (id: string, holder: Holder) => send('GET', `/${id}`, holder),
    list: (query: string, holder: Holder) => send('GET', `?${query}`, holder),
    post: (body: unknown, holder: Holder) => send('POST', '', holder, { body }),
    patch: (id: string, body: unknown, holder: Holder) => send('PATCH', `/${id}`, holder, { body }),
    note: (id: string, body: unknown, holder: Holder) => send('POST', `/${id}/notes`, holder, { body }),
    timeline: async (id: string, holder: Holder): Promise<Body[]> =>
      (await send('GET', `/${id}/timeline?pageSize=100`, holder)).body.timeline,
    create: (input: Record<string, unknown>, holder: Holder): Promise<Body> =>
      createTestCase(app, holder, input),
    /** A change that must succeed. */
    change: async (id: string, body: Record<string, unknown>, holder: Holder): Promise<Body> => {
      const answer = await send('PATCH', `/${id}`, holder, { body })
      expect([body, answer.status, answer.body?.details ?? null]).toEqual([body, 200, null])
      return answer.body
    },
  }
}

/** The changes that bring a new case to a status. */
export const wayTo: Record<CaseStatus, Record<string, unknown>[]> = {
  open: [],
  in_progress: [{ status: 'in_progress' }],
  resolved: [{ status: 'in_progress' }, { status: 'resolved', resolution: 'answered' }],
  closed: [{ status: 'in_progress' }, { status: 'resolved', resolution: 'answered' }, { status: 'closed' }],
}

/** Makes a case and brings it to a status. */
export async function createIn(
  app: TestApp,
  status: CaseStatus,
  holder: Holder,
  input: Record<string, unknown> = {},
): Promise<Body> {
  const { create, change } = caller(app)
  let made = await create(input, holder)
  for (const step of wayTo[status]) made = await change(made.id, step, holder)
  expect(made.status).toBe(status)
  return made
}

/** A key that acts for a new user of this role. */
export async function createActing(
  app: TestApp,
  council: Council,
  role: Role,
  input: { wardIds?: string[]; scopes?: string[] } = {},
): Promise<Holder & { id: string; name: string }> {
  const { wardIds = [], scopes = ['cases:read', 'cases:write'] } = input
  const { id, name } = await createTestUser(council, { role, wardIds })
  return { id, name, key: await createTestKey(app, council, { scopes, actingUserId: id }) }
}

/** Changes the council's own settings. */
export const setTenant = (
  { ctx }: Council,
  values: Partial<Pick<Tenant, 'nation' | 'calendar' | 'targetDays' | 'targetDayType' | 'reopenWindowDays'>>,
): Promise<void> =>
  write(ctx, 'settings.update', async (w) => {
    const { calendar, ...rest } = values
    await updateTenant(w, {
      ...rest,
      ...(calendar && { calendar: { added: [...calendar.added], removed: [...calendar.removed] } }),
    })
    const change = { entity: 'tenant', id: w.tenantId, before: null, after: values, safe: [] }
    return { changes: [change], result: undefined }
  })

/** Makes categories from the rows of a file, and returns their ids by name. */
export async function createCategories(
  app: TestApp,
  council: Council,
  rows: readonly string[],
): Promise<Record<string, string>> {
  await importCategories(council.ctx, parseCategories(bytes(['name,targetDays,dayType', ...rows].join('\n'))))
  const { body } = await app.send('GET', '/api/categories?pageSize=100', { key: council.key })
  return Object.fromEntries(body.categories.map(({ id, name }: Body) => [name, id]))
}

/** The names of a case's events, in order. */
export const eventsOf = async ({ deps }: TestApp, id: string): Promise<string[]> => {
  const rows = await deps.store.read
    .select({ event: outboxEvents.event })
    .from(outboxEvents)
    .where(eq(outboxEvents.entityId, id))
    .orderBy(asc(outboxEvents.position))
  return rows.map(({ event }) => event)
}

/** The council's audit entries, in order. */
export const auditOf = async ({ deps }: TestApp, { tenant }: Council): Promise<AuditRow[]> =>
  deps.store.read
    .select()
    .from(auditEntries)
    .where(eq(auditEntries.tenantId, tenant.id))
    .orderBy(asc(auditEntries.seq))
