import { createKey } from '../core/api-keys/service'
import { type Ctx, createCtx, type Deps } from '../core/ctx'
import { runDueWork } from '../core/due-work.service'
import { type Plan, plans } from '../core/scopes'
import { changeTenant, createTenant } from '../core/tenants/service'
import { findTenantRow, insertStoreFact, readStoreFact } from '../core/tenants/store'
import { createUser } from '../core/users/service'
import { listUsers } from '../core/users/store'
import { maintain } from '../core/write'
import { newApiKey } from '../lib/api-key'
import type { Clock } from '../lib/clock'
import { seededIds } from '../lib/id'
import { type RandomBytes, seededRandom } from '../lib/random'
import { caseDueWork } from '../resources/cases/due.service'
import { createCase, patchCase } from '../resources/cases/service'
import { caseTypes, priorities, sourceChannels } from '../resources/cases/table'
import { addNote } from '../resources/cases/timeline/service'
import { importCategories } from '../resources/categories/service'
import { listAllCategories } from '../resources/categories/store'
import { importUsers } from '../resources/users/service'
import { importWards } from '../resources/wards/import.service'
import { listAllWards } from '../resources/wards/store'
import type { Boundary } from '../resources/wards/table'
import {
  demoCategories,
  demoNotes,
  demoProfiles,
  demoResidents,
  demoStreets,
  demoTroubles,
  demoUsers,
  demoWards,
} from './demo-data'
import { seedPublications } from './demo-publish'
import { guideCouncil, seedGuideCouncil } from './guide-council'

/** What somebody needs to try Reeve: a key for each plan, and a sign-in for the first council's dashboard. */
export type Demo = {
  seed: number
  keys: Record<Plan, string>
  login: { council: string; email: string; password: string }
  /** Of the council that the guides are about. */
  guideKey: string
}

const dayMs = 86_400_000
const historyDays = 90
const actor = { type: 'system', id: 'demo', name: 'Demo data', ip: null } as const

export const demoSlugs: Record<Plan, string> = { council: 'demo', pro: 'demo-pro', free: 'demo-free' }
const names: Record<Plan, string> = {
  council: 'Saltmarsh District Council',
  pro: 'Cllr Fletcher’s office',
  free: 'Little Saltmarsh Parish Council',
}

const guideKeyOf = (seed: number) => newApiKey('test', seededRandom(`${seed} key guides`))

const keyOf = (seed: number, plan: Plan) => newApiKey('test', seededRandom(`${seed} key ${plan}`))

/** Public, like the keys: everybody in the demo council signs in with it. */
const demoPassword = 'three ducks on a pond'

const demoOf = (seed: number): Demo => ({
  seed,
  keys: keysOf(seed),
  guideKey: guideKeyOf(seed),
  login: { council: names.council, email: (demoUsers[0] as { email: string }).email, password: demoPassword },
})

const keysOf = (seed: number) =>
  Object.fromEntries(plans.map((plan) => [plan, keyOf(seed, plan)])) as Record<Plan, string>

/** Fills an empty store; a store with a demo council keeps it and its seed. */
export async function seedDemo(deps: Deps, seed: number, cases: number): Promise<Demo> {
  const known = await readStoreFact(deps.store.read, 'demo-seed')
  if (known !== undefined) {
    // A store of an earlier version has no council for the guides yet.
    const isWhole = await findTenantRow(deps.store.read, guideCouncil.slug)
    if (!isWhole) await seedGuideCouncil(deps, guideKeyOf(Number(known)))
    return demoOf(Number(known))
  }
  const random = seededRandom(`${seed} demo`)
  const seeded: Deps = { ...deps, random, newId: seededIds(random) }
  for (const plan of plans) await seedTenant(seeded, plan, keyOf(seed, plan), cases)
  await liveThrough(seeded)
  await seedGuideCouncil(seeded, guideKeyOf(seed))
  await maintain(deps, (m) => insertStoreFact(m, 'demo-seed', String(seed)))
  return demoOf(seed)
}

async function seedTenant(deps: Deps, plan: Plan, plainKey: string, cases: number): Promise<void> {
  const tenant = await createTenant(deps, actor, { slug: demoSlugs[plan], name: names[plan], plan })
  const ctx = createCtx(deps, { tenant, actor, requestId: deps.newId() })
  await changeTenant(ctx, 'settings.update', { requireSecondFactor: false })
  await importWards(
    ctx,
    demoWards.map((ward, i) => ({ ...ward, ...wardPlace(i) })),
  )
  await importCategories(ctx, [...demoCategories])
  if (plan === 'council') await seedUsers(ctx)
  // This plan cannot create keys: this one represents a key made before a downgrade.
  const paid = { ...ctx, tenant: { ...tenant, plan: plan === 'free' ? ('pro' as const) : plan } }
  await createKey(paid, deps, { name: `Demo key, plan ${plan}`, scopes: ['all'], plain: plainKey })
  await seedCases(ctx, deps.random, plan === 'council' ? cases : Math.ceil(cases / 10))
  if (plan === 'council') await seedPublications(ctx, startOfToday(ctx.clock))
}

/** Runs past due work day by day, so that it is dated in the past and the same every time. */
async function liveThrough(deps: Deps): Promise<void> {
  const today = startOfToday(deps.clock)
  for (let day = today - historyDays * dayMs; day <= today; day += dayMs) {
    const then = { ...deps, clock: { ...deps.clock, now: () => new Date(day) } }
    while ((await runDueWork(then, caseDueWork)) > 0);
  }
}

const startOfToday = (clock: Clock) => Math.floor(clock.now().getTime() / dayMs) * dayMs

/** Wards are squares on a grid near a made-up estuary. */
function wardPlace(i: number): { slug: string; gssCode: string; boundary: Boundary } {
  const [west, south] = [-4.2 + (i % 5) * 0.02, 51.05 + Math.floor(i / 5) * 0.02]
  const [east, north] = [west + 0.02, south + 0.02]
  const ring = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ]
  const slug = (demoWards[i] as { name: string }).name.toLowerCase().replace(/’/g, '').replace(/ /g, '-')
  const rounded = ring.map((position) => position.map((degree) => Number(degree.toFixed(7))))
  return {
    slug,
    gssCode: `E0599${String(i + 1).padStart(4, '0')}`,
    boundary: { type: 'Polygon', coordinates: [rounded] },
  }
}

/**
 * Hashing takes a tenth of a second, so users are created in parallel, with ids chosen first so that they are the
 * same every time.
 */
async function seedUsers(ctx: Ctx): Promise<void> {
  const inputs = demoUsers.map((user) => ({
    ...user,
    id: ctx.newId(),
    password: demoPassword,
    mustChangePassword: false,
  }))
  await Promise.all(inputs.map((input) => createUser(ctx, input)))
  const wardNamed = (ward: number) => (demoWards[ward] as { name: string }).name
  await importUsers(
    ctx,
    demoProfiles.map(({ terms, ...profile }, i) => ({
      ...profile,
      line: i + 1,
      terms: terms.map((term) => ({ ...term, line: i + 1, ward: wardNamed(term.ward) })),
    })),
  )
}

async function seedCases(ctx: Ctx, random: RandomBytes, count: number): Promise<void> {
  const pick = <T>(values: readonly T[]) => values[(random(1)[0] as number) % values.length] as T
  const wards = (await listAllWards(ctx)).sort((a, b) => a.name.localeCompare(b.name))
  const categories = (await listAllCategories(ctx)).sort((a, b) => a.slug.localeCompare(b.slug))
  const workers = (await listUsers(ctx)).filter(({ role }) => role === 'caseworker')
  const today = startOfToday(ctx.clock)
  const at = (i: number) =>
    new Date(today - historyDays * dayMs + Math.floor((i / count) * historyDays * dayMs))
  const asOf = (time: Date): Ctx => ({ ...ctx, clock: { ...ctx.clock, now: () => time } })

  // Created together so that they share commits; the writer keeps their order, and with it their ids.
  const made = await Promise.all(
    Array.from({ length: count }, (_, i) => {
      const category = pick(categories)
      const trouble = pick(demoTroubles[category.slug as keyof typeof demoTroubles])
      const street = pick(demoStreets)
      return createCase(asOf(at(i)), {
        summary: `${trouble}, ${street}`,
        publicSummary: trouble,
        wardId: pick(wards).id,
        categoryId: category.id,
        type: pick(caseTypes),
        priority: pick([...priorities, 'normal', 'normal']),
        sourceChannel: pick(sourceChannels),
        location: { address: street },
        ...pick([...demoResidents, {}]),
      })
    }),
  )
  await Promise.all(
    made.flatMap(({ id }, i) => {
      const moves = pick([
        [],
        ['in_progress'],
        ['in_progress', 'resolved'],
        ['in_progress', 'resolved', 'closed'],
      ] as const)
      const assignee = workers.length > 0 ? { assigneeId: pick(workers).id } : {}
      const after = (hours: number) => asOf(new Date(at(i).getTime() + hours * 3_600_000))
      const note = { body: pick(demoNotes), visibility: pick(['internal', 'public'] as const) }
      const isTalkedAbout = moves.length > 0 && i % 3 === 0
      // In the order in which they happen, which the writer keeps.
      return [
        ...(i % 3 === 1 ? [patchCase(after(0.5), id, { publicState: 'approved' })] : []),
        ...moves.flatMap((status, step) => [
          patchCase(after(step + 1), id, {
            status,
            ...(status === 'in_progress' ? assignee : {}),
            ...(status === 'resolved' ? { resolution: 'fixed' as const } : {}),
          }),
          ...(isTalkedAbout && step === 0 ? [addNote(after(1.5), id, note)] : []),
        ]),
      ]
    }),
  )
}
