import { listKeys } from '../../core/api-keys/store'
import type { Ctx } from '../../core/ctx'
import type { Permission } from '../../core/scopes'
import { listUsers } from '../../core/users/store'
import type { Visit } from '../../http/pages'
import type { AuditEntryView } from '../../resources/audit/model'
import { getCasesById } from '../../resources/cases/store'
import { listAllCategories } from '../../resources/categories/store'
import { getEvents } from '../../resources/events/store'
import { getNewsById } from '../../resources/news/store'
import { listAllWards } from '../../resources/wards/store'
import { mayUse } from '../places'

/** A name, and the page it leads to if the visitor may open that. */
export type Named = { text: string; href: string | null }

export type Names = (kind: string, id: string) => Named | undefined

type Kind = {
  /** Texts by id of those that still exist. */
  find: (ctx: Ctx, ids: readonly string[]) => Promise<Map<string, string>>
  page?: { of: (text: string, id: string) => string; needs: Permission }
}

const byName = (rows: readonly { id: string; name: string }[]) =>
  new Map(rows.map(({ id, name }) => [id, name]))

const textsOf = <Row>(found: ReadonlyMap<string, Row>, textOf: (row: Row) => string) =>
  new Map([...found].map(([id, row]) => [id, textOf(row)]))

/** By `entity` of the log. Of a case only the reference: its summary may be personal. */
const kinds: Record<string, Kind> = {
  case: {
    find: async (ctx, ids) => textsOf(await getCasesById(ctx, ids), (found) => found.case.reference),
    page: { of: (reference) => `/admin/cases/${reference}`, needs: 'cases:read' },
  },
  user: {
    find: async (ctx) => byName(await listUsers(ctx)),
    page: { of: (_, id) => `/admin/users/${id}`, needs: 'users:read' },
  },
  key: {
    find: async (ctx) => byName(await listKeys(ctx)),
    page: { of: (_, id) => `/admin/keys/${id}`, needs: 'keys:manage' },
  },
  ward: {
    find: async (ctx) => byName(await listAllWards(ctx)),
    page: { of: (_, id) => `/admin/wards/${id}`, needs: 'wards:write' },
  },
  category: {
    find: async (ctx) => byName(await listAllCategories(ctx)),
    page: { of: (_, id) => `/admin/categories/${id}`, needs: 'categories:write' },
  },
  event: { find: async (ctx, ids) => textsOf(await getEvents(ctx, ids), ({ title }) => title) },
  news: { find: async (ctx, ids) => textsOf(await getNewsById(ctx, ids), ({ title }) => title) },
  tenant: { find: async ({ tenant }) => new Map([[tenant.id, tenant.name]]) },
}

/** Which kind of thing the ids in a changed field are of. */
export const kindOfField: Record<string, string> = {
  wardId: 'ward',
  wardIds: 'ward',
  categoryId: 'category',
  assigneeId: 'user',
  councillorId: 'user',
  organiserId: 'user',
  actingUserId: 'user',
  duplicateOfId: 'case',
  replacedById: 'key',
}

const idsIn = (value: unknown): string[] =>
  [value].flat().filter((one): one is string => typeof one === 'string')

/** The ids in these entries, by kind. */
function idsOf(entries: readonly AuditEntryView[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  const add = (kind: string | undefined, ids: readonly string[]) => {
    if (kind === undefined || !Object.hasOwn(kinds, kind)) return
    found.set(kind, new Set([...(found.get(kind) ?? []), ...ids]))
  }
  for (const { entity, entityId, changes } of entries) {
    add(entity, [entityId])
    for (const [name, change] of Object.entries(changes)) {
      const { from, to } = change as { from?: unknown; to?: unknown }
      add(kindOfField[name], [...idsIn(from), ...idsIn(to)])
    }
  }
  return found
}

/** The names of everything in these entries that still exists. */
export async function namesIn(visit: Visit, entries: readonly AuditEntryView[]): Promise<Names> {
  const texts = new Map<string, Map<string, string>>()
  for (const [kind, ids] of idsOf(entries)) {
    texts.set(kind, await (kinds[kind] as Kind).find(visit.ctx, [...ids]))
  }
  return (kind, id) => {
    const text = texts.get(kind)?.get(id)
    if (text === undefined) return undefined
    const { page } = kinds[kind] as Kind
    return { text, href: page && mayUse(visit, page.needs) ? page.of(text, id) : null }
  }
}
