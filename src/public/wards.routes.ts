import { Elysia } from 'elysia'
import type { Deps } from '../core/ctx'
import { streamed } from '../http/stream'
import { visitor } from '../http/visitor'
import { wardsState } from '../resources/wards/store'
import { latest, unchangedAnswer } from './answer'
import { sampleMap } from './sample-files'
import { featureParts } from './wards'

export const publicWardRoutes = (deps: Deps) =>
  new Elysia({ prefix: '/public/:tenant', tags: ['Public'] }).use(visitor(deps)).get(
    '/wards.geojson',
    async ({ ctx, council, request }) => {
      const { state, changed } = await wardsState(ctx)
      const type = 'application/geo+json; charset=utf-8'
      const known = { type, tagged: state, changedAt: latest(council, changed), now: deps.clock.now() }
      const { headers, unchanged } = unchangedAnswer(request, known)
      if (unchanged) return unchanged
      return streamed(
        request,
        headers,
        async () => featureParts(ctx),
        (error) => deps.log.error('a map broke off', { id: ctx.requestId, error }),
      )
    },
    {
      visitor: 'reader',
      detail: {
        operationId: 'getWardsAsGeoJson',
        summary: 'Map the wards',
        description: 'The wards in use with their boundaries, as a GeoJSON FeatureCollection in WGS 84.',
        responses: sampleMap,
      },
    },
  )
