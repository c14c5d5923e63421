import { isEqual } from '../../lib/equal'
import { hmacSha256 } from '../../lib/hash'
import type { AuditRow, Changes } from './table'

/** Names that changed, with both values only for those in `safe`; the rest may hold personal data. */
export function describeChanges(
  before: Record<string, unknown> | null,
  after: Record<string, unknown>,
  safe: readonly string[],
): Changes {
  const changes: Changes = {}
  for (const [name, to] of Object.entries(after)) {
    const from = before?.[name] ?? null
    if (isEqual(from, to ?? null)) continue
    changes[name] = safe.includes(name) ? { from, to: to ?? null } : { changed: true }
  }
  return changes
}

/** The entry's link in the chain: HMAC over the previous hash and every field in a fixed order. */
export function chainHash(key: Uint8Array, previous: string, entry: Omit<AuditRow, 'hash'>): string {
  const fields = [
    entry.tenantId,
    entry.seq,
    entry.id,
    entry.at.toISOString(),
    entry.actorType,
    entry.actorId,
    entry.actorName,
    entry.actorIp,
    entry.requestId,
    entry.action,
    entry.entity,
    entry.entityId,
    entry.changes,
  ]
  return hmacSha256(key, JSON.stringify([previous, ...fields]))
}

/** Where a chain ends: the number of its last entry and that entry's link. */
export type Head = { seq: number; hash: string }

/** What proves that the chain ends there, and that nothing was cut off it. */
export const headMac = (key: Uint8Array, tenantId: string, { seq, hash }: Head): string =>
  hmacSha256(key, JSON.stringify(['head', tenantId, seq, hash]))

export const isHead = (keys: readonly Uint8Array[], tenantId: string, head: Head & { mac: string }) =>
  keys.some((key) => headMac(key, tenantId, head) === head.mac)
