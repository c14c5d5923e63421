import { createKey } from '../core/api-keys/service'
import { type Ctx, createCtx, type Deps } from '../core/ctx'
import { createTenant } from '../core/tenants/service'
import { importCases } from '../resources/cases/files/import.service'
import { importWards } from '../resources/wards/import.service'
import type { Boundary } from '../resources/wards/table'

export const guideCouncil = { slug: 'bristol', name: 'Bristol City Council' }

const actor = { type: 'system', id: 'guides', name: 'Guides', ip: null } as const
const wards = [
  { name: 'Ashley', slug: 'ashley', boundary: square(-2.59, 51.46) },
  { name: 'Avonmouth', slug: 'avonmouth', boundary: square(-2.7, 51.5) },
]
const summaries = ['Pothole on Mina Road', 'Street light out', 'Bins not collected']

function square(west: number, south: number): Boundary {
  const [east, north] = [west + 0.04, south + 0.02]
  const ring = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ]
  return { type: 'Polygon', coordinates: [ring] }
}

/**
 * Makes the small council that the samples of the guides are about, with a key for them: whoever pastes one gets what its
 * page shows.
 */
export async function seedGuideCouncil(deps: Deps, plain?: string): Promise<{ ctx: Ctx; key: string }> {
  const tenant = await createTenant(deps, actor, guideCouncil)
  const ctx = createCtx(deps, { tenant, actor, requestId: deps.newId() })
  const key = await createKey(ctx, deps, { name: 'Website', scopes: ['all'], ...(plain && { plain }) })
  await importWards(ctx, wards)
  // Of fixed references, which the samples name, and received one after the other just now.
  const now = deps.clock.now().getTime()
  const records = summaries.map((summary, i) => ({
    line: i + 1,
    values: { reference: `CW-2026-${String(i + 1).padStart(4, '0')}`, summary },
    instants: { createdAt: new Date(now - (summaries.length - i) * 1_000) },
    isDueGiven: false,
    faults: [],
  }))
  await importCases(ctx, records.reverse())
  return { ctx, key: key.plain }
}
