import { actionLabels, entityLabels } from '../../resources/all'
import type { AuditEntryView } from '../../resources/audit/model'
import { formatInstant } from '../words'
import { actorLabels, fieldLabel, labelOf } from './words'

/** `to` is null where only the fact of the change is kept. */
type ChangeLine = { field: string; from: string | null; to: string | null }

const instantForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/

function textOf(value: unknown, timezone: string): string {
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return 'nothing'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'string') return instantForm.test(value) ? formatInstant(value, timezone) : value
  const isPlain = Array.isArray(value) && value.every((one) => typeof one !== 'object')
  return isPlain ? value.join(', ') : JSON.stringify(value)
}

function changeOf(name: string, change: unknown, timezone: string): ChangeLine {
  const { from = null, to, changed } = change as { from?: unknown; to?: unknown; changed?: true }
  const field = fieldLabel(name)
  if (changed) return { field, from: null, to: null }
  return { field, from: from === null ? null : textOf(from, timezone), to: textOf(to ?? null, timezone) }
}

const filtered = (filters: Record<string, string>) => `/admin/audit?${new URLSearchParams(filters)}`

export function entryOf(
  { seq, at, actor, action, entity, entityId, changes }: AuditEntryView,
  timezone: string,
) {
  return {
    seq,
    at,
    who: {
      name: actor.name,
      type: labelOf(actorLabels, actor.type),
      ip: actor.ip,
      href: filtered({ actor: actor.id }),
    },
    action: { code: action, words: labelOf(actionLabels, action) },
    what: {
      words: labelOf(entityLabels, entity),
      id: entityId,
      href: filtered({ entity, entityId }),
    },
    changes: Object.entries(changes).map(([name, change]) => changeOf(name, change, timezone)),
  }
}
