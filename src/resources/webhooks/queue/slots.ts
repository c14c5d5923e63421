/** An endpoint with waiting deliveries, and when the first is due. */
export type Ready = { endpointId: string; tenantId: string; dueAt: Date; failureCount: number }

export type OnItsWay = Pick<Ready, 'endpointId' | 'tenantId'>

/** Limits on deliveries being sent, and on how many are started at once. */
export type Limits = {
  inAll: number
  ofTenant: number
  toEndpoint: number
  /** By consecutive failures of the endpoint. */
  toFailing: number
  failingFrom: number
  atOnce: number
}

/**
 * A hanging receiver blocks its slots for a whole attempt, so a council has many; starting deliveries is what costs
 * time.
 */
export const most: Limits = {
  inAll: 512,
  ofTenant: 128,
  toEndpoint: 8,
  toFailing: 1,
  failingFrom: 3,
  atOnce: 8,
}

/**
 * How many deliveries to start for each endpoint. Councils take turns, the least busy first, and so do their
 * endpoints, so that neither a busy council nor a dead receiver holds up others.
 */
export function shareSlots(
  ready: readonly Ready[],
  onItsWay: readonly OnItsWay[],
  now: Date,
  limits: Limits,
): Map<string, number> {
  const ofTenant = countBy(onItsWay.map(({ tenantId }) => tenantId))
  const toEndpoint = countBy(onItsWay.map(({ endpointId }) => endpointId))
  const shares = new Map<string, number>()
  let free = Math.min(limits.atOnce, limits.inAll - onItsWay.length)
  let open = ready.filter(({ dueAt }) => dueAt <= now)
  while (free > 0 && open.length > 0) {
    open = open
      .filter((one) => {
        const limit = one.failureCount >= limits.failingFrom ? limits.toFailing : limits.toEndpoint
        const taken = toEndpoint.get(one.endpointId) ?? 0
        return taken < limit && (ofTenant.get(one.tenantId) ?? 0) < limits.ofTenant
      })
      .sort((a, b) => (ofTenant.get(a.tenantId) ?? 0) - (ofTenant.get(b.tenantId) ?? 0))
    const next = open[0]
    if (!next) break
    free--
    add(ofTenant, next.tenantId)
    add(toEndpoint, next.endpointId)
    add(shares, next.endpointId)
    // Back to the end of its council's line.
    open = [...open.slice(1), next]
  }
  return shares
}

const add = (counts: Map<string, number>, name: string) => void counts.set(name, (counts.get(name) ?? 0) + 1)

function countBy(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) add(counts, name)
  return counts
}
