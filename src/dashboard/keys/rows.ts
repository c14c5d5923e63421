import { type KeyState, keyState } from '../../core/api-keys/model'
import type { ApiKeyRow } from '../../core/api-keys/table'
import type { Usage } from '../../core/api-keys/usage.store'
import type { Plan } from '../../core/scopes'
import type { UserRow } from '../../core/users/table'
import { counted } from '../words'
import { scopeRows } from './scopes'

export const keysPath = '/admin/keys'

export const backToKeys = { text: 'Back to API keys', href: keysPath }

/** The parameter of every page of a key. */
export type ById = { id: string }

export const backToKey = ({ id, name }: ApiKeyRow) => ({ text: `Back to ${name}`, href: `${keysPath}/${id}` })

/** The ends of a key, by which people recognise it. */
export const maskedKey = ({ prefix, lastFour }: ApiKeyRow): string => `${prefix}…${lastFour}`

type Tag = { text: string; classes: string }

const tags: Record<KeyState, Tag> = {
  active: { text: 'Active', classes: 'govuk-tag--green' },
  replaced: { text: 'Replaced', classes: 'govuk-tag--yellow' },
  expired: { text: 'Expired', classes: 'govuk-tag--grey' },
  revoked: { text: 'Revoked', classes: 'govuk-tag--red' },
}

const refused: Tag = { text: 'Refused', classes: 'govuk-tag--orange' }

export const isEnded = (key: ApiKeyRow, now: Date): boolean =>
  ['expired', 'revoked'].includes(keyState(key, now))

export type Known = {
  now: Date
  plan: Plan
  users: ReadonlyMap<string, UserRow>
  usage: ReadonlyMap<string, Usage>
}

export function keyRow(key: ApiKeyRow, { now, plan, users, usage }: Known) {
  const { id, name, actingUserId, ipAllow, expiresAt, lastUsedAt, createdAt } = key
  const state = keyState(key, now)
  const acting = actingUserId === null ? null : (users.get(actingUserId) ?? null)
  const isRefused = !isEnded(key, now) && actingUserId !== null && !acting?.active
  const { requests, limited } = usage.get(id) ?? { requests: 0, limited: 0 }
  const scopes = scopeRows(key.scopes, plan)
  return {
    id,
    name,
    masked: maskedKey(key),
    tag: isRefused ? refused : tags[state],
    scopes,
    scopeCount: counted(scopes.length, 'scope'),
    beyond: scopes.filter(({ lack }) => lack !== null).length,
    acting: acting === null ? null : { name: acting.name, isActive: acting.active },
    ipAllow,
    expiresAt,
    lastUsedAt,
    createdAt,
    revokedAt: key.revokedAt,
    replacedById: key.replacedById,
    requests: counted(requests, 'request'),
    limited: limited.toLocaleString('en-GB'),
    isLimited: limited > 0,
    isReplaceable: state === 'active' && !isRefused,
    isRevocable: !isEnded(key, now),
  }
}
