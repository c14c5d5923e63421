import { type Static, Type } from '@sinclair/typebox'
import type { AuditRow } from '../../core/audit/table'
import { type Column, fileFormats } from '../../core/files'
import {
  Instant,
  InstantOrDate,
  Nullable,
  OneOf,
  PageQuery,
  PaginationView,
  Strict,
  Text,
  Times,
} from '../../core/schema'

export const actorTypes = ['key', 'user', 'cli', 'system', 'public'] as const

export const AuditEntryView = Strict(
  {
    id: Type.String(),
    seq: Type.Integer({ description: 'Place in the chain, from 1', examples: [1042] }),
    at: Instant,
    actor: Strict({
      type: OneOf(actorTypes),
      id: Type.String(),
      name: Type.String(),
      ip: Nullable(Type.String()),
    }),
    requestId: Type.String(),
    action: Type.String({ examples: ['case.update'] }),
    entity: Type.String({ examples: ['case'] }),
    entityId: Type.String(),
    changes: Type.Record(Type.String(), Type.Unknown(), {
      description: 'What changed, with old and new values; of personal data only that it changed',
      examples: [{ status: { from: 'open', to: 'in_progress' }, description: { changed: true } }],
    }),
    hash: Type.String({ description: 'Links the entry to the one before it' }),
  },
  { title: 'AuditEntry' },
)
export type AuditEntryView = Static<typeof AuditEntryView>

const auditFilters = {
  actor: Type.Optional(
    Text(100, {
      description:
        'Id of the person or key, e-mail address of the person, or one of key, user, cli, system and public',
    }),
  ),
  action: Type.Optional(Text(100, { examples: ['case.update'] })),
  entity: Type.Optional(Text(100, { examples: ['case'] })),
  entityId: Type.Optional(Text(100)),
  from: Type.Optional(InstantOrDate),
  to: Type.Optional(InstantOrDate),
}

export const AuditQuery = Strict({ ...PageQuery, ...auditFilters })
export type AuditQuery = Static<typeof AuditQuery>

export const AuditExportQuery = Strict({
  ...auditFilters,
  format: Type.Optional(OneOf(fileFormats)),
  times: Times,
})

export const AuditList = Strict({ entries: Type.Array(AuditEntryView), pagination: PaginationView })

export const ExportedEntries = Strict({ entries: Type.Array(AuditEntryView), total: Type.Integer() })

export const VerifiedView = Strict(
  {
    valid: Type.Boolean(),
    entries: Type.Integer({ description: 'How many entries are intact, counting from the first' }),
    firstBroken: Nullable(
      Type.Integer({ description: 'Number of the first entry that is changed or missing' }),
    ),
  },
  { title: 'AuditVerification' },
)

export function toView(row: AuditRow): AuditEntryView {
  const { id, seq, requestId, action, entity, entityId, changes, hash } = row
  return {
    id,
    seq,
    at: row.at.toISOString(),
    actor: {
      type: row.actorType as AuditEntryView['actor']['type'],
      id: row.actorId,
      name: row.actorName,
      ip: row.actorIp,
    },
    requestId,
    action,
    entity,
    entityId,
    changes,
    hash,
  }
}

export const auditColumns: readonly Column<AuditEntryView>[] = [
  { heading: 'Number', cell: ({ seq }) => seq },
  { heading: 'At', kind: 'instant', cell: ({ at }) => at },
  { heading: 'Actor Type', cell: ({ actor }) => actor.type },
  { heading: 'Actor Id', cell: ({ actor }) => actor.id },
  { heading: 'Actor', cell: ({ actor }) => actor.name },
  { heading: 'Address', cell: ({ actor }) => actor.ip },
  { heading: 'Action', cell: ({ action }) => action },
  { heading: 'Entity', cell: ({ entity }) => entity },
  { heading: 'Entity Id', cell: ({ entityId }) => entityId },
  { heading: 'Changes', cell: ({ changes }) => JSON.stringify(changes) },
  { heading: 'Request', cell: ({ requestId }) => requestId },
  { heading: 'Hash', cell: ({ hash }) => hash },
]
