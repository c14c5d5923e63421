import { isEqual } from '../../lib/equal'
import { hmacSha256 } from '../../lib/hash'
import type { AuditRow, Changes } from './table'

/** Changed fields; values only of those in `safe`, because the others may contain personal data. */
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

/** HMAC over the previous entry's hash and every field in a fixed order. */
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

/**
 * A chain starts with the creation of its council, whatever action that was part of. Only this gives a council its slug, so
 * an entry of another kind shows that the beginning was cut off and a new chain begun.
 */
export const isBeginning = ({ tenantId, seq, entity, entityId, changes }: Omit<AuditRow, 'hash'>): boolean =>
  seq === 1 && entity === 'tenant' && entityId === tenantId && 'slug' in changes

/** The number and hash of a chain's last entry. */
export type Head = { seq: number; hash: string }

/** Proves that the chain ends there: nobody else could cut it and move its end. */
export const headMac = (key: Uint8Array, tenantId: string, { seq, hash }: Head): string =>
  hmacSha256(key, JSON.stringify(['head', tenantId, seq, hash]))

export const isHead = (keys: readonly Uint8Array[], tenantId: string, head: Head & { mac: string }) =>
  keys.some((key) => headMac(key, tenantId, head) === head.mac)
