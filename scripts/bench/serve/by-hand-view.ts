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
  public_themes: string
  highlighted_for_public: number
  ward_id: string | null
  category_id: string | null
  assignee_id: string | null
  councillor_id: string | null
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
    c.summary, c.description, c.public_summary, c.public_themes, c.highlighted_for_public, c.ward_id, c.category_id,
    c.assignee_id, c.councillor_id, c.latitude, c.longitude, c.address, c.postcode, c.uprn, c.received_at,
    c.acknowledged_at, c.resolved_at, c.closed_at, c.follow_up_at, c.reopen_count, c.archived, c.version,
    c.created_at, c.updated_at, w.name AS ward_name, g.name AS category_name, u.name AS assignee_name,
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

export const viewOf = (row: CaseRow) => ({
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
  highlightedForPublic: row.highlighted_for_public === 1,
  followUpAt: instantOrNull(row.follow_up_at),
  acknowledgedAt: instantOrNull(row.acknowledged_at),
  resolvedAt: instantOrNull(row.resolved_at),
  closedAt: instantOrNull(row.closed_at),
  reopenCount: row.reopen_count,
  archived: row.archived === 1,
  version: row.version,
})
