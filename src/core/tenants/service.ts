import { isUniqueViolation } from '../../db/faults'
import type { Nation } from '../../lib/bank-holidays'
import { isEqual } from '../../lib/equal'
import { badRequest, conflict, type Issue } from '../../lib/errors'
import { maxCouncilSlug } from '../../lib/slug'
import type { Action } from '../about'
import type { Change } from '../change'
import { type Actor, type Ctx, createCtx, type Deps, type Tenant, type Writer } from '../ctx'
import type { Plan } from '../scopes'
import { maintain, write } from '../write'
import { type CalendarEdit, editCalendar } from './calendar'
import {
  getTenant,
  getTenantBySlug,
  insertStoreFact,
  insertTenant,
  putStoreFact,
  readStoreFact,
  toTenant,
  updateTenant,
} from './store'

export type TenantCreate = { slug: string; name: string; plan?: Plan; nation?: Nation; id?: string }

const slugForm = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/** True for a short name of a council, as addresses and commands have it. */
export const isCouncilSlug = (text: string): boolean => slugForm.test(text)

const auditFields = [
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
  'retentionMonths',
  'publicMinCell',
  'webhooksPersonalData',
  'open311Enabled',
  'website',
  'newsPage',
  'eventPage',
  'casePage',
  'requireSecondFactor',
]

/** For commands on the server, which may do anything in one council. */
export async function consoleCtx(deps: Deps, slug: string, actor: Actor): Promise<Ctx> {
  const tenant = await getTenantBySlug(deps.store.read, slug)
  return createCtx(deps, { tenant, actor, requestId: deps.newId() })
}

/** Facts that copies of Reeve must agree on: the first copy stores its value, the others read that. */
export async function readOrStoreFact(deps: Deps, name: string, value: string): Promise<string> {
  const known = await readStoreFact(deps.store.read, name)
  if (known !== undefined) return known
  await maintain(deps, (m) => insertStoreFact(m, name, value))
  // Another copy may have been first.
  return (await readStoreFact(deps.store.read, name)) ?? value
}

/** From now on, copies of Reeve without the newest key refuse to start. */
export const requireNewestKey = (deps: Deps): Promise<void> =>
  maintain(deps, (m) => putStoreFact(m, 'key', deps.secrets.seal[0].id))

/** A new council's values; does not store it. */
export function newTenant(deps: Pick<Deps, 'newId'>, input: TenantCreate): Tenant {
  const { slug, name, plan = 'council', nation = 'england_wales' } = input
  if (!isCouncilSlug(slug)) {
    throw badRequest(
      `The short name "${slug}" may contain only lower-case letters, digits and hyphens, ${maxCouncilSlug} at most`,
    )
  }
  if (name.trim() === '') throw badRequest('A council needs a name')
  return {
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
    retentionMonths: 24,
    publicMinCell: 5,
    webhooksPersonalData: false,
    open311Enabled: false,
    website: null,
    newsPage: null,
    eventPage: null,
    casePage: null,
    requireSecondFactor: true,
  }
}

/** Stores a new council within its first change. */
export async function addTenant(w: Writer, tenant: Tenant): Promise<Change> {
  const now = w.clock.now()
  const { id } = await insertTenant(w, { ...tenant, corsOrigins: [], createdAt: now, updatedAt: now })
  return { entity: 'tenant', id, before: null, after: tenant, safe: auditFields }
}

/** Throws `conflict` if the slug is taken. */
export async function createTenant(deps: Deps, actor: Actor, input: TenantCreate): Promise<Tenant> {
  const tenant = newTenant(deps, input)
  const ctx = createCtx(deps, { tenant, actor, requestId: deps.newId() })
  try {
    return await write(ctx, 'tenant.create', async (w) => ({
      changes: [await addTenant(w, tenant)],
      result: toTenant(await getTenant(w)),
    }))
  } catch (error) {
    if (isUniqueViolation(error))
      throw conflict(`There is already a council "${tenant.slug}"`, { slug: tenant.slug })
    throw error
  }
}

/** Changes a council's settings, if any differ. `change` and `check` are given the settings as they are, and may throw. */
export const changeTenant = (
  ctx: Ctx,
  action: Action,
  change: Partial<Tenant> | ((before: Tenant) => Partial<Tenant>),
  check: (before: Tenant) => void = () => {},
): Promise<Tenant> =>
  write(ctx, action, async (w) => {
    const before = toTenant(await getTenant(w))
    check(before)
    const values = typeof change === 'function' ? change(before) : change
    const wanted = { ...before, ...values }
    if (isEqual(wanted, before)) return { changes: [], result: before }
    const { corsOrigins, ...rest } = values
    const after = toTenant(
      await updateTenant(w, { ...rest, ...(corsOrigins && { corsOrigins: [...corsOrigins] }) }),
    )
    return { changes: [{ entity: 'tenant', id: after.id, before, after, safe: auditFields }], result: after }
  })

/** Keys keep scopes that the new plan lacks; they work again once a plan includes them. */
export const setPlan = (ctx: Ctx, plan: Plan): Promise<Tenant> =>
  changeTenant(ctx, 'tenant.set_plan', { plan })

const maxOrigins = 50

export const isOrigin = (text: string) => URL.canParse(text) && new URL(text).origin === text

export const originIssues = (origins: readonly string[]): Issue[] =>
  origins.flatMap((origin, i): Issue[] =>
    isOrigin(origin)
      ? []
      : [
          {
            in: 'body',
            path: `corsOrigins.${i}`,
            code: 'format',
            message: 'Must be a web origin, such as https://www.example.gov.uk',
          },
        ],
  )

/** Only pages of these web origins may read API responses in a browser. */
export async function setCorsOrigins(ctx: Ctx, origins: readonly string[]): Promise<Tenant> {
  const bad = origins.find((origin) => !isOrigin(origin))
  if (bad !== undefined) throw badRequest(`"${bad}" must be a web origin, such as https://www.example.gov.uk`)
  if (origins.length > maxOrigins) throw badRequest(`A council may allow ${maxOrigins} origins at most`)
  return changeTenant(ctx, 'tenant.set_origins', { corsOrigins: [...new Set(origins)] })
}

export const maxTargetDays = 999

type Targets = Partial<Pick<Tenant, 'targetDays' | 'targetDayType' | 'reopenWindowDays'>>

/** Sets targets for cases whose category has none of its own, and when resolved cases are closed. */
export async function setTargets(ctx: Ctx, targets: Targets): Promise<Tenant> {
  const days = [targets.targetDays, targets.reopenWindowDays].filter((value) => value != null)
  const bad = days.find((value) => !Number.isInteger(value) || value < 1 || value > maxTargetDays)
  if (bad !== undefined) throw badRequest(`${bad} is not a whole number of days from 1 to ${maxTargetDays}`)
  return changeTenant(ctx, 'tenant.set_targets', targets)
}

/** Changes the council’s exceptions to its nation’s bank holidays; a date that is not named stays as it is. */
export const changeCalendar = (ctx: Ctx, edit: CalendarEdit): Promise<Tenant> =>
  changeTenant(ctx, 'tenant.set_calendar', ({ calendar }) => ({ calendar: editCalendar(calendar, edit) }))
