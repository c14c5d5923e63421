import type { Ctx } from '../core/ctx'
import { rightHanded } from '../resources/wards/boundary'
import { type BoundedWard, listBoundedWards } from '../resources/wards/store'

const partWards = 20

/** The wards in use as a GeoJSON FeatureCollection. Boundaries are long, so it is made in parts. */
export async function* featureParts(ctx: Ctx): AsyncGenerator<string> {
  let after: { name: string; id: string } | null = null
  yield '{"type":"FeatureCollection","features":['
  for (let isFirst = true; ; isFirst = false) {
    const part: BoundedWard[] = await listBoundedWards(ctx, after, partWards)
    if (part.length > 0) yield (isFirst ? '' : ',') + part.map(featureOf).join(',')
    const last = part.at(-1)
    if (!last || part.length < partWards) break
    after = { name: last.ward.name, id: last.ward.id }
  }
  yield ']}'
}

function featureOf({ ward, boundary }: BoundedWard): string {
  const { id, name, nameCy, slug, gssCode, tier, electorate } = ward
  const properties = { name, nameCy, slug, gssCode, tier, electorate }
  return JSON.stringify({ type: 'Feature', id, properties, geometry: boundary && rightHanded(boundary) })
}
