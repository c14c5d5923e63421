import { isUniqueViolation } from '../../db/sqlite'
import type { Nation } from '../../lib/bank-holidays'
import { badRequest, conflict } from '../../lib/errors'
import { type Actor, type Ctx, createCtx, type Deps, type Tenant } from '../ctx'
import type { Plan } from '../scopes'
import { write } from '../write'
import { getTenant, getTenantBySlug, insertTenant, toTenant, updateTenant } from './store'

export type TenantCreate = { slug: string; name: string; plan?: Plan; nation?: Nation; id?: string }

const slugForm = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
const safe = [
  'slug',
  'name',
  'plan',
  'nation',
  'timezone',
  'referencePrefix',
  'rateLimit',
  'corsOrigins',
  'targetDays',
  'targetDayType',
  'reopenWindowDays',
  'calendar',
]

/** A `ctx` for somebody at the console, who may do everything in one tenant. */
export async function consoleCtx(deps: Deps, slug: string, actor: Actor): Promise<Ctx> {
  const tenant = await getTenantBySlug(deps.store.read, slug)
  return createCtx(deps, { tenant, actor, requestId: deps.newId() })
}

/** Makes a council; its slug must be free. */
export async function createTenant(deps: Deps, actor: Actor, input: TenantCreate): Promise<Tenant> {
  const { slug, name, plan = 'council', nation = 'england_wales' } = input
  if (!slugForm.test(slug)) {
    throw badRequest(`The slug "${slug}" may hold lower-case letters, digits and hyphens, 63 at most`)
  }
  if (name.trim() === '') throw badRequest('A council needs a name')
  const tenant: Tenant = {
    id: input.id ?? deps.newId(),
    slug,
    name: name.trim(),
    plan,
    timezone: 'Europe/London',
    nation,
    calendar: { added: [], removed: [] },
    targetDays: 10,
    targetDayType: 'working',
    reopenWindowDays: 5,
    referencePrefix: 'CW',
    rateLimit: null,
    corsOrigins: [],
  }
  const ctx = createCtx(deps, { tenant, actor, requestId: deps.newId() })
  try {
    return await write(ctx, 'tenant.create', async (w) => {
      const now = w.clock.now()
      const row = await insertTenant(w, {
        ...tenant,
        corsOrigins: [],
        createdAt: now,
        updatedAt: now,
      })
      return {
        changes: [{ entity: 'tenant', id: row.id, before: null, after: tenant, safe }],
        result: toTenant(row),
      }
    })
  } catch (error) {
    if (isUniqueViolation(error)) throw conflict(`There is already a tenant "${slug}"`, { slug })
    throw error
  }
}

/** Moves a council to another plan; its keys keep their scopes, which count again when the plan includes them. */
export function setPlan(ctx: Ctx, plan: Plan): Promise<Tenant> {
  return write(ctx, 'tenant.set_plan', async (w) => {
    const before = toTenant(await getTenant(w))
    if (before.plan === plan) return { changes: [], result: before }
    const after = toTenant(await updateTenant(w, { plan }))
    return {
      changes: [{ entity: 'tenant', id: after.id, before, after, safe }],
      result: after,
    }
  })
}

const maxOrigins = 50

/** Allows pages of these web origins, and of no others, to read the API's answers in a browser. */
export async function setCorsOrigins(ctx: Ctx, origins: readonly string[]): Promise<Tenant> {
  const bad = origins.find((origin) => !URL.canParse(origin) || new URL(origin).origin !== origin)
  if (bad !== undefined) throw badRequest(`"${bad}" is not a web origin, such as https://www.example.gov.uk`)
  if (origins.length > maxOrigins) throw badRequest(`A council may allow ${maxOrigins} origins at most`)
  return write(ctx, 'tenant.set_origins', async (w) => {
    const before = toTenant(await getTenant(w))
    const after = toTenant(await updateTenant(w, { corsOrigins: [...new Set(origins)] }))
    return { changes: [{ entity: 'tenant', id: after.id, before, after, safe }], result: after }
  })
}
