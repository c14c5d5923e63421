import { actionLabels, entityLabels } from '../../resources/all'
import type { AuditEntryView } from '../../resources/audit/model'
import { formatInstant } from '../words'
import { kindOfField, type Named, type Names } from './names'
import { actorLabels, codeWords, fieldLabel, labelOf, lists } from './words'

/** `to` is null where only the fact of the change is kept. */
type ChangeLine = { field: string; from: string | null; to: string | null }

const instantForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/

/** Turns the values of one field into words. */
type Reader = { name: string; timezone: string; names: Names }

function wordsFor(value: string, { name, timezone, names }: Reader): string {
  const kind = kindOfField[name]
  if (kind !== undefined) return names(kind, value)?.text ?? value
  return instantForm.test(value) ? formatInstant(value, timezone) : codeWords(name, value)
}

function textOf(value: unknown, reader: Reader): string {
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return 'nothing'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'string') return wordsFor(value, reader)
  const isPlain = Array.isArray(value) && value.every((one) => typeof one !== 'object')
  return isPlain ? value.map((one) => wordsFor(String(one), reader)).join(', ') : JSON.stringify(value)
}

function changeOf(change: unknown, reader: Reader): ChangeLine {
  const { from = null, to, changed } = change as { from?: unknown; to?: unknown; changed?: true }
  const field = fieldLabel(reader.name)
  if (changed) return { field, from: null, to: null }
  return { field, from: from === null ? null : textOf(from, reader), to: textOf(to ?? null, reader) }
}

const filtered = (filters: Record<string, string>) => `/admin/audit?${new URLSearchParams(filters)}`

/** What an entry is about: by its name, by its id if it no longer exists, or as a list of many. */
function whatOf({ entity, entityId }: AuditEntryView, names: Names) {
  const words = labelOf(entityLabels, entity)
  const many = lists[entityId]
  if (many !== undefined) return { words, named: { text: many, href: null } satisfies Named, all: null }
  const named = names(entity, entityId)
  const id = entity === 'case' && named ? named.text : entityId
  return { words, named: named ?? null, id: entityId, all: filtered({ entity, entityId: id }) }
}

export function entryOf(entry: AuditEntryView, timezone: string, names: Names) {
  const { seq, at, actor, action, changes } = entry
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
    what: whatOf(entry, names),
    changes: Object.entries(changes).map(([name, change]) => changeOf(change, { name, timezone, names })),
  }
}
