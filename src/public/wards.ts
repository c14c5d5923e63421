import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Ctx } from '../core/ctx'
import type { Encoded } from '../http/compression'
import { unavailable } from '../lib/errors'
import { turns } from '../lib/turns'
import { rightHanded } from '../resources/wards/boundary'
import { type BoundedWard, listBoundedWards, wardsState } from '../resources/wards/store'

/** Boundaries are long, and other requests wait while a part is read and written. */
const partWards = 2
const level = 6
const attempts = 5

const compressed = promisify(gzip)

/** The wards in use as a GeoJSON FeatureCollection, with the `state` and `changed` of the wards in it. */
export type WardMap = Encoded & { state: string; changed: Date | null; bytes: number }

/** Throws `unavailable` if the wards change all the while. */
export async function makeMap(ctx: Ctx): Promise<WardMap> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const { state, changed } = await wardsState(ctx)
    const plain = new Blob(await featureParts(ctx))
    if ((await wardsState(ctx)).state !== state) continue
    const zipped = new Blob([await compressed(await plain.bytes(), { level })])
    return { state, changed, plain, gzip: zipped, bytes: plain.size + zipped.size }
  }
  throw unavailable('The wards are being changed')
}

async function featureParts(ctx: Ctx): Promise<string[]> {
  const parts = ['{"type":"FeatureCollection","features":[']
  for (let last: BoundedWard | undefined; ; ) {
    const after = last ? { name: last.ward.name, id: last.ward.id } : null
    const rows = await turns.run(async () => {
      const found = await listBoundedWards(ctx, after, partWards)
      if (found.length > 0) parts.push((after ? ',' : '') + found.map(featureOf).join(','))
      return found
    })
    if (rows.length < partWards) break
    last = rows.at(-1)
  }
  return [...parts, ']}']
}

function featureOf({ ward, boundary }: BoundedWard): string {
  const { id, name, nameCy, slug, gssCode, tier, electorate } = ward
  const properties = { name, nameCy, slug, gssCode, tier, electorate }
  return JSON.stringify({ type: 'Feature', id, properties, geometry: boundary && rightHanded(boundary) })
}
