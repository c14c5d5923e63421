import type { Database, SQLQueryBindings } from 'bun:sqlite'
import { nobody } from '../../../src/resources/cases/residents/model'
import { searcher } from './by-hand-search'
import { type CaseRow, type CaseShape, type EntryRow, entryViewOf } from './by-hand-view'

export type Caller = {
  keyId: string
  keyName: string
  tenantId: string
  revision: number
  targetDays: number | null
  targetDayType: string
  mayRead: boolean
  mayWrite: boolean
  mayReadResidents: boolean
}

type KeyRow = Omit<Caller, 'mayRead' | 'mayWrite' | 'mayReadResidents'> & {
  scopes: string
  expiresAt: number | null
  revokedAt: number | null
}

/**
 * Replaces `?` in joins and limits: SQLite looks at the value of a bare parameter while planning, and so plans the statement
 * again at each run, which costs more than running it.
 */
export const value = '(SELECT ?)'

const keyQuery = `SELECT k.id AS keyId, k.name AS keyName, k.scopes, k.expires_at AS expiresAt,
    k.revoked_at AS revokedAt, t.id AS tenantId, t.revision, t.target_days AS targetDays,
    t.target_day_type AS targetDayType
  FROM api_keys k JOIN tenants t ON t.id = k.tenant_id LEFT JOIN users u ON u.id = k.acting_user_id
  WHERE k.hash = ${value}`

export function reads(store: Database, shape: CaseShape) {
  const byHash = store.prepare<KeyRow, [string]>(keyQuery)
  const byId = store.prepare<CaseRow, [string, string]>(
    `${shape.casesWithNames} WHERE c.tenant_id = ${value} AND c.id = ${value}`,
  )
  const entries = store.prepare<EntryRow, [string, string]>(
    `SELECT id, at, kind, visibility, body, from_state, to_state, author_type, author_id, author_name
     FROM timeline_entries WHERE tenant_id = ${value} AND case_id = ${value} ORDER BY position DESC LIMIT 100`,
  )
  const show = shower(store, shape)
  const version = store.prepare<{ version: number }, [string, string]>(
    'SELECT version FROM cases WHERE tenant_id = ? AND id = ?',
  )

  return {
    callerOf: (hash: string): Caller | null => {
      const row = byHash.get(hash)
      if (!row || row.revokedAt !== null || (row.expiresAt !== null && row.expiresAt <= Date.now()))
        return null
      const scopes: string[] = JSON.parse(row.scopes)
      return {
        ...row,
        mayRead: scopes.includes('cases:read'),
        mayWrite: scopes.includes('cases:write'),
        mayReadResidents: scopes.includes('residents:read'),
      }
    },
    list: lister(store, shape, show),
    search: searcher(store, shape, show),
    versionOf: ({ tenantId }: Caller, id: string) => version.get(tenantId, id)?.version ?? 0,
    one: (who: Caller, id: string) => {
      const row = byId.get(who.tenantId, id)
      if (!row) return null
      const timeline = entries.all(who.tenantId, id).map(entryViewOf)
      return { ...show(who, [row])[0], timeline }
    },
  }
}

export function pageOf(query: URLSearchParams) {
  const pageSize = Number(query.get('pageSize') ?? 20)
  const page = Number(query.get('page') ?? 1)
  return { page, pageSize, offset: (page - 1) * pageSize }
}

export type Show = (who: Caller, rows: CaseRow[]) => object[]

function shower(store: Database, { viewOf }: CaseShape): Show {
  const residents = store.prepare<{ caseId: string }, [string, string]>(
    `SELECT case_id AS caseId, sealed FROM residents
     WHERE tenant_id = ${value} AND case_id IN (SELECT value FROM json_each(${value}))`,
  )
  return ({ tenantId, mayReadResidents }, rows) => {
    const now = Date.now()
    if (!mayReadResidents) return rows.map((row) => viewOf(row, now))
    const found = residents.all(tenantId, JSON.stringify(rows.map(({ id }) => id)))
    if (found.length > 0) throw new Error('This server opens no residents')
    return rows.map((row) => ({ ...viewOf(row, now), ...nobody }))
  }
}

/** Prepares a statement for each set of filters. */
function lister(store: Database, { casesWithNames }: CaseShape, show: Show) {
  const filters: [name: string, column: string][] = [
    ['status', 'status'],
    ['wardId', 'ward_id'],
  ]
  const prepared = new Map<string, ReturnType<typeof prepareList>>()
  const prepareList = (columns: string[]) => {
    const where = (alias: string) =>
      [
        `${alias}tenant_id = ${value}`,
        `${alias}archived = 0`,
        ...columns.map((column) => `${alias}${column} = ${value}`),
      ].join(' AND ')
    return {
      page: store.prepare<CaseRow, SQLQueryBindings[]>(
        `${casesWithNames} WHERE ${where('c.')} ORDER BY c.created_at DESC, c.id DESC LIMIT ${value} OFFSET ${value}`,
      ),
      total: store.prepare<{ total: number }, SQLQueryBindings[]>(
        `SELECT coalesce(sum(cases), 0) AS total FROM case_counters WHERE ${where('')}`,
      ),
    }
  }
  return (who: Caller, query: URLSearchParams) => {
    const given = filters.filter(([name]) => query.has(name))
    const columns = given.map(([, column]) => column)
    const filtered = columns.join()
    let statements = prepared.get(filtered)
    if (!statements) {
      statements = prepareList(columns)
      prepared.set(filtered, statements)
    }
    const { page, pageSize, offset } = pageOf(query)
    const bindings = [who.tenantId, ...given.map(([name]) => query.get(name))]
    const rows = statements.page.all(...bindings, pageSize, offset)
    const total = statements.total.get(...bindings)?.total ?? 0
    const pagination = { page, pageSize, total, totalPages: Math.ceil(total / pageSize) }
    return { cases: show(who, rows), pagination }
  }
}
