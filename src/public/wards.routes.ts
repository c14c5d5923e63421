import { Elysia } from 'elysia'
import type { Deps } from '../core/ctx'
import { encodedAnswer } from '../http/compression'
import { visitor } from '../http/visitor'
import { MadeOnce } from '../lib/made-once'
import { wardsState } from '../resources/wards/store'
import { latest, unchangedAnswer } from './answer'
import { sampleMap } from './sample-files'
import { makeMap, type WardMap } from './wards'

/** Of all councils together, plain and compressed: some nine councils of the largest kind. */
const keptBytes = 64 * 1024 * 1024

export const publicWardRoutes = (deps: Deps) => {
  const maps = new MadeOnce<WardMap>(keptBytes)
  return new Elysia({ prefix: '/public/:tenant', tags: ['Public'] }).use(visitor(deps)).get(
    '/wards.geojson',
    async ({ ctx, council, request }) => {
      const type = 'application/geo+json; charset=utf-8'
      const answerAbout = ({ state, changed }: Pick<WardMap, 'state' | 'changed'>) =>
        unchangedAnswer(request, {
          type,
          tagged: state,
          changedAt: latest(council, changed),
          now: deps.clock.now(),
        })
      const wards = await wardsState(ctx)
      const { unchanged } = answerAbout(wards)
      if (unchanged) return unchanged
      const map = await maps.get(ctx.tenantId, wards.state, () => makeMap(ctx))
      return encodedAnswer(request, answerAbout(map).headers, map, (error) =>
        deps.log.error('a map broke off', { id: ctx.requestId, error }),
      )
    },
    {
      visitor: 'reader',
      detail: {
        operationId: 'getWardsAsGeoJson',
        summary: 'Map the wards',
        description:
          'The wards in use today with their boundaries, as a GeoJSON FeatureCollection in WGS 84.',
        responses: sampleMap,
      },
    },
  )
}
