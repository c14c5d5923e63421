/** A row of cases as SQLite gives it, with the names of what it refers to. */
export type CaseRow = {
  id: string
  reference: string
  internal_ref: string | null
  type: string
  status: string
  priority: number
  source_channel: string
  summary: string
  description: string | null
  public_summary: string | null
  public_state: string
  public_themes: string
  highlighted_for_public: number
  ward_id: string | null
  category_id: string | null
  assignee_id: string | null
  councillor_id: string | null
  resolution: string | null
  duplicate_of_id: string | null
  pending_reason: string | null
  pending_since: number | null
  pending_until: number | null
  latitude: number | null
  longitude: number | null
  address: string | null
  postcode: string | null
  uprn: string | null
  received_at: number
  acknowledged_at: number | null
  resolved_at: number | null
  closed_at: number | null
  follow_up_at: number | null
  due_at: number | null
  due_soon_at: number | null
  target_state: string
  reopen_count: number
  archived: number
  version: number
  created_at: number
  updated_at: number
  ward_name: string | null
  category_name: string | null
  assignee_name: string | null
  assignee_role: string | null
}

export const casesWithNames = `SELECT c.id, c.reference, c.internal_ref, c.type, c.status, c.priority, c.source_channel,
    c.summary, c.description, c.public_summary, c.public_state, c.public_themes, c.highlighted_for_public, c.ward_id,
    c.category_id, c.assignee_id, c.councillor_id, c.resolution, c.duplicate_of_id, c.pending_reason, c.pending_since,
    c.pending_until, c.latitude, c.longitude, c.address, c.postcode, c.uprn, c.received_at, c.acknowledged_at,
    c.resolved_at, c.closed_at, c.follow_up_at, c.due_at, c.due_soon_at, c.target_state, c.reopen_count, c.archived,
    c.version, c.created_at, c.updated_at, w.name AS ward_name, g.name AS category_name, u.name AS assignee_name,
    u.role AS assignee_role
  FROM cases c LEFT JOIN wards w ON w.id = c.ward_id LEFT JOIN categories g ON g.id = c.category_id
  LEFT JOIN users u ON u.id = c.assignee_id`

const priorities = ['low', 'normal', 'high', 'urgent']

const instant = (ms: number) => new Date(ms).toISOString()
const instantOrNull = (ms: number | null) => (ms === null ? null : instant(ms))

function locationOf({ latitude, longitude, address, postcode, uprn }: CaseRow) {
  const isNowhere =
    latitude === null && longitude === null && address === null && postcode === null && uprn === null
  return isNowhere ? null : { latitude, longitude, address, postcode, uprn }
}

function pendingOf({ pending_reason: reason, pending_since: since, pending_until: until }: CaseRow) {
  return reason === null || since === null
    ? null
    : { reason, since: instant(since), until: instantOrNull(until) }
}

function slaStateOf({ target_state: state, due_at: dueAt, due_soon_at: soonAt }: CaseRow, now: number) {
  if (state === 'missed') return 'breached'
  if (state !== 'running') return state
  if (dueAt === null) return 'none'
  if (now > dueAt) return 'breached'
  return soonAt !== null && now >= soonAt ? 'due_soon' : 'on_track'
}

/** What a caller who may see residents sees of a case that is about nobody: the fixture has no others. */
export const nobody = {
  residentName: null,
  residentEmail: null,
  residentPhone: null,
  residentAddress: null,
  residentPostcode: null,
}

export const viewOf = (row: CaseRow, now: number) => ({
  id: row.id,
  reference: row.reference,
  status: row.status,
  publicSummary: row.public_summary,
  wardId: row.ward_id,
  categoryId: row.category_id,
  createdAt: instant(row.created_at),
  updatedAt: instant(row.updated_at),
  internalRef: row.internal_ref,
  receivedAt: instant(row.received_at),
  type: row.type,
  summary: row.summary,
  description: row.description,
  resolution: row.resolution,
  duplicateOfId: row.duplicate_of_id,
  pending: pendingOf(row),
  priority: priorities[row.priority],
  sourceChannel: row.source_channel,
  ward: row.ward_name === null ? null : { id: row.ward_id, name: row.ward_name },
  category: row.category_name === null ? null : { id: row.category_id, name: row.category_name },
  assigneeId: row.assignee_id,
  assignee:
    row.assignee_name === null
      ? null
      : { id: row.assignee_id, name: row.assignee_name, role: row.assignee_role },
  councillorId: row.councillor_id,
  location: locationOf(row),
  publicThemes: JSON.parse(row.public_themes),
  publicState: row.public_state,
  highlightedForPublic: row.highlighted_for_public === 1,
  dueAt: instantOrNull(row.due_at),
  slaState: slaStateOf(row, now),
  followUpAt: instantOrNull(row.follow_up_at),
  acknowledgedAt: instantOrNull(row.acknowledged_at),
  resolvedAt: instantOrNull(row.resolved_at),
  closedAt: instantOrNull(row.closed_at),
  reopenCount: row.reopen_count,
  archived: row.archived === 1,
  version: row.version,
})

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
