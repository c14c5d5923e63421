import { importCategories } from '../../src/resources/categories/service'
import { importWards } from '../../src/resources/wards/import.service'
import { queueDeliveries } from '../../src/resources/webhooks/queue/service'
import { type Council, createCouncil, createTestKey, createTestUser, type TestApp } from './app'
import { createTestCase } from './casework'

/** One thing of each kind that has an id, by the name of its kind. */
export type Ids = Record<(typeof kinds)[number], string>

export const kinds = [
  'case',
  'spareCase',
  'ward',
  'category',
  'assignee',
  'councillor',
  'event',
  'waitingEvent',
  'news',
  'waitingNews',
  'webhook',
  'delivery',
  'key',
  'tenant',
  'auditEntry',
] as const

/** A council with one of everything, each named after the council. */
export type Side = {
  slug: string
  council: Council
  ids: Ids
  /** Of its cases, in order: two councils have the first of them in common. */
  references: string[]
  /** Keys that act for nobody, for the councillor and for the caseworker. */
  keys: string[]
}

/** A point in the first ward of every side. */
export const place = { latitude: 51.05, longitude: -2.95 }

const around = [
  [-3, 51],
  [-2.9, 51],
  [-2.9, 51.1],
  [-3, 51.1],
  [-3, 51],
]

/** Makes a council of this name with this many cases (at least two), and at least two of everything else. */
export async function createSide(app: TestApp, slug: string, howMany: number): Promise<Side> {
  const council = await createCouncil(app, slug)
  const { key, ctx, tenant } = council
  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await app.send(method, path, { key, ...(body === undefined ? {} : { body }) })
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
    return answer.body
  }
  const firstId = async (list: string): Promise<string> => (await ask('GET', `/api/${list}`))[list][0].id

  await importWards(ctx, [
    {
      name: `A ward of ${slug}`,
      slug: `first-${slug}`,
      boundary: { type: 'Polygon', coordinates: [around] },
    },
    { name: `Ward of ${slug}`, slug: `second-${slug}` },
  ])
  await importCategories(ctx, [
    { name: `A category of ${slug}`, slug: `first-${slug}` },
    { name: `Category of ${slug}`, slug: `second-${slug}` },
  ])
  const [ward, category] = [await firstId('wards'), await firstId('categories')]
  const { id: assignee } = await createTestUser(council, { role: 'caseworker', name: `Worker of ${slug}` })
  const { id: councillor } = await createTestUser(council, {
    role: 'councillor',
    name: `Councillor of ${slug}`,
    wardIds: [ward],
  })

  const cases: { id: string; reference: string }[] = []
  for (let i = 0; i < howMany; i++) {
    const made = await createTestCase(app, council, {
      ...{ wardId: ward, categoryId: category, assigneeId: assignee, councillorId: councillor },
      summary: `Pothole of ${slug}`,
      publicSummary: `Hole of ${slug}`,
      residentPostcode: 'BS2 9YT',
      location: place,
    })
    await ask('PATCH', `/api/cases/${made.id}`, { publicState: 'approved' })
    await ask('POST', `/api/cases/${made.id}/notes`, { body: `Note of ${slug}`, visibility: 'public' })
    cases.push(made)
  }

  const published = async (list: string, more: Record<string, unknown>): Promise<[string, string]> => {
    const make = async () =>
      (await ask('POST', `/api/${list}`, { title: `One of ${slug}`, wardIds: [ward], ...more })).id as string
    const ids = [await make(), await make(), await make()] as [string, string, string]
    await ask('POST', `/api/${list}/approve`, { ids: ids.slice(0, 2) })
    return [ids[0], ids[2]]
  }
  const startAt = new Date(app.clock.now().getTime() + 86_400_000).toISOString()
  const [event, waitingEvent] = await published('events', { startAt, organiserId: councillor })
  const [news, waitingNews] = await published('news', { body: `Text of ${slug}` })

  const hook = async () => {
    const url = `https://93.184.216.34/${slug}`
    const { id } = await ask('POST', '/api/webhooks', { url, events: ['case_created'] })
    await ask('POST', `/api/webhooks/${id}/test`)
    await ask('POST', `/api/webhooks/${id}/test`)
    return id as string
  }
  const webhook = await hook()
  await hook()
  await queueDeliveries(app.deps)

  const acting = (actingUserId: string) => createTestKey(app, council, { actingUserId })
  return {
    slug,
    council,
    ids: {
      case: cases.at(-1)?.id ?? '',
      spareCase: cases.at(-2)?.id ?? '',
      ...{ ward, category, assignee, councillor, event, waitingEvent, news, waitingNews, webhook },
      delivery: (await ask('GET', `/api/webhooks/${webhook}/deliveries`)).deliveries[0].id,
      key: (await ask('GET', '/api/me')).key.id,
      tenant: tenant.id,
      auditEntry: (await ask('GET', '/api/audit')).entries[0].id,
    },
    references: cases.map(({ reference }) => reference),
    keys: [key, await acting(councillor), await acting(assignee)],
  }
}

/** What this text holds of a council: its name or an id of anything of it. */
export function tracesOf({ slug, ids }: Side, text: string): string[] {
  return [slug, ...Object.values(ids)].filter((mark) => text.toLowerCase().includes(mark))
}
