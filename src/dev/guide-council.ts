import { createKey } from '../core/api-keys/service'
import { type Ctx, createCtx, type Deps } from '../core/ctx'
import { createTenant } from '../core/tenants/service'
import { importCases } from '../resources/cases/files/import.service'
import { importWards } from '../resources/wards/import.service'

export const guideCouncil = { slug: 'bristol', name: 'Bristol City Council' }

const actor = { type: 'system', id: 'guides', name: 'Guides', ip: null } as const
const wards = ['Ashley', 'Avonmouth']
const summaries = ['Pothole on Mina Road', 'Street light out', 'Bins not collected']

/**
 * Makes the small council that the samples of the guides are about, with a key for them: whoever pastes one gets what its
 * page shows.
 */
export async function seedGuideCouncil(deps: Deps, plain?: string): Promise<{ ctx: Ctx; key: string }> {
  const tenant = await createTenant(deps, actor, guideCouncil)
  const ctx = createCtx(deps, { tenant, actor, requestId: deps.newId() })
  const key = await createKey(ctx, deps, { name: 'Website', scopes: ['all'], ...(plain && { plain }) })
  await importWards(
    ctx,
    wards.map((name) => ({ name, slug: name.toLowerCase() })),
  )
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
