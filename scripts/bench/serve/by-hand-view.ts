import { getTableColumns } from 'drizzle-orm'
import { nobody } from '../../../src/resources/cases/residents/model'
import { cases, priorities } from '../../../src/resources/cases/table'
import type { Sample } from '../samples'

/** A row of cases as SQLite returns it, joined with the names of its references. */
export type CaseRow = { id: string } & Record<string, string | number | null>
export type View = { id: string } & Record<string, unknown>

export type CaseShape = { casesWithNames: string; viewOf: (row: CaseRow, now: number) => View }

const instant = (ms: number) => new Date(ms).toISOString()
const instantOrNull = (ms: number | null) => (ms === null ? null : instant(ms))

function locationOf(
  latitude: unknown,
  longitude: unknown,
  address: unknown,
  postcode: unknown,
  uprn: unknown,
) {
  const isNowhere =
    latitude === null && longitude === null && address === null && postcode === null && uprn === null
  return isNowhere ? null : { latitude, longitude, address, postcode, uprn }
}

const pendingOf = (reason: string | null, since: number | null, until: number | null) =>
  reason === null || since === null ? null : { reason, since: instant(since), until: instantOrNull(until) }

function slaStateOf(state: string, dueAt: number | null, soonAt: number | null, now: number) {
  if (state === 'missed') return 'breached'
  if (state !== 'running') return state
  if (dueAt === null) return 'none'
  if (now > dueAt) return 'breached'
  return soonAt !== null && now >= soonAt ? 'due_soon' : 'on_track'
}

const helpers = { instant, instantOrNull, locationOf, pendingOf, slaStateOf, priorities }

const named = (name: string, more = '') =>
  `row.${name}_name === null ? null : { id: row.${name}_id, name: row.${name}_name${more} }`

/** Fields of an answer that are not simply a column. */
const composed: Record<string, string> = {
  pending: 'pendingOf(row.pending_reason, row.pending_since, row.pending_until)',
  priority: 'priorities[row.priority]',
  ward: named('ward'),
  category: named('category'),
  assignee: named('assignee', ', role: row.assignee_role'),
  location: 'locationOf(row.latitude, row.longitude, row.address, row.postcode, row.uprn)',
  slaState: 'slaStateOf(row.target_state, row.due_at, row.due_soon_at, now)',
}

const columns = new Map(Object.entries(getTableColumns(cases)))

function codeOf(field: string): string {
  const column = columns.get(field)
  if (!column) throw new Error(`This server does not know the field ${field} of a case: bring it up to date`)
  const { name, dataType, notNull } = column
  if (dataType === 'boolean') return `row.${name} === 1`
  if (dataType === 'json') return `JSON.parse(row.${name})`
  if (dataType === 'date') return `${notNull ? 'instant' : 'instantOrNull'}(row.${name})`
  return `row.${name}`
}

/**
 * Writes the query and the function that a person would write by hand, from the table and one of Reeve's answers. They keep
 * up with new fields, and run as fast as if they were written out.
 */
export function caseShapeOf(samples: readonly Sample[]): CaseShape {
  const list = samples.find(({ target }) => target === '/api/cases')
  const [answer] = JSON.parse(list?.full.body ?? '{"cases":[]}').cases as View[]
  if (!answer) throw new Error('There is no answer to take the fields of a case from')
  const fields = Object.keys(answer).filter((name) => !(name in nobody))
  const code = fields.map((name) => `${name}: ${composed[name] ?? codeOf(name)}`).join(', ')
  const make = new Function(
    'helpers',
    `const { ${Object.keys(helpers).join(', ')} } = helpers; return (row, now) => ({ ${code} })`,
  )
  const read = new Set(code.match(/(?<=\brow\.)\w+/g))
  const names = [...columns.values()].map(({ name }) => name).filter((name) => read.has(name))
  return {
    viewOf: make(helpers),
    casesWithNames: `SELECT ${names.map((name) => `c.${name}`).join(', ')}, w.name AS ward_name, g.name AS category_name,
        u.name AS assignee_name, u.role AS assignee_role
      FROM cases c LEFT JOIN wards w ON w.id = c.ward_id LEFT JOIN categories g ON g.id = c.category_id
      LEFT JOIN users u ON u.id = c.assignee_id`,
  }
}

/** A row of timeline_entries. */
export type EntryRow = {
  id: string
  at: number
  kind: string
  visibility: string
  body: string | null
  from_state: string | null
  to_state: string | null
  author_type: string
  author_id: string
  author_name: string
}

const parsed = (json: string | null) => (json === null ? null : JSON.parse(json))

export const entryViewOf = (row: EntryRow) => ({
  id: row.id,
  at: instant(row.at),
  kind: row.kind,
  visibility: row.visibility,
  body: row.body,
  from: parsed(row.from_state),
  to: parsed(row.to_state),
  author: { type: row.author_type, id: row.author_id, name: row.author_name },
})
