import { Elysia } from 'elysia'
import type { Deps } from '../../core/ctx'
import { paged } from '../../core/paging'
import { changedAt } from '../../core/tenants/store'
import { streamed } from '../../http/stream'
import { visitor } from '../../http/visitor'
import {
  PublicCaseList,
  PublicCaseQuery,
  PublicCaseWithTimeline,
  toPublicEntry,
  toPublicView,
} from '../../resources/cases/public/model'
import { getPublicCase, listPublicCases, listToldEntries } from '../../resources/cases/public/store'
import { PublicReportView } from '../../resources/reports/model'
import { wardsState } from '../../resources/wards/store'
import { answerPublicly, unchangedAnswer } from '../answer'
import { calendarEvents, PublicEventList, toPublicEvent } from '../events'
import { eventsChanged, latest, WardOnly } from '../feeds/changed'
import { namedCategory, namedWard } from '../place'
import { PublicReports } from '../reports'
import { feedFiles } from '../sample-files'
import { featureParts } from '../wards'

const json = 'application/json;charset=utf-8'

/** Events, cases and wards for the pages of others, without a key. */
export function publicLists(deps: Deps) {
  const { clock, log } = deps
  const reports = new PublicReports()
  return new Elysia({ prefix: '/public/:tenant', tags: ['Public'] })
    .use(visitor(deps))
    .get(
      '/events.json',
      async ({ ctx, council, request, query }) => {
        const rows = await calendarEvents(ctx, await namedWard(ctx, query.ward))
        const text = JSON.stringify({ events: rows.map(toPublicEvent) })
        const changed = await eventsChanged(ctx, council)
        return answerPublicly(request, { type: json, text, changedAt: changed, now: clock.now() })
      },
      {
        visitor: 'reader',
        query: WardOnly,
        response: PublicEventList,
        detail: {
          operationId: 'listPublicEvents',
          summary: 'List public events',
          description: 'Events of the last three months and all to come, cancelled and postponed ones too.',
        },
      },
    )
    .get(
      '/cases.json',
      async ({ ctx, council, request, query: { ward, category, ...query } }) => {
        const filters = { wardId: await namedWard(ctx, ward), categoryId: await namedCategory(ctx, category) }
        const asked = { ...query, ...filters }
        const { rows, pagination } = await paged(ctx, 'public cases', asked, (slice) =>
          listPublicCases(ctx, filters, slice),
        )
        const text = JSON.stringify({ cases: rows.map(toPublicView), pagination })
        const changed = latest(council, changedAt(council, 'cases'))
        return answerPublicly(request, { type: json, text, changedAt: changed, now: clock.now() })
      },
      {
        visitor: 'reader',
        query: PublicCaseQuery,
        response: PublicCaseList,
        detail: {
          operationId: 'listPublicCases',
          summary: 'List public cases',
          description:
            'Approved cases, those that changed last first: what was reported, where about, and what became of it.',
        },
      },
    )
    .get(
      '/cases/:reference',
      async ({ ctx, council, request, params }) => {
        const found = await getPublicCase(ctx, params.reference)
        const timeline = (await listToldEntries(ctx, found.case.id, false)).map(toPublicEntry)
        const text = JSON.stringify({ ...toPublicView(found), timeline })
        const changed = latest(council, found.case.updatedAt)
        return answerPublicly(request, { type: json, text, changedAt: changed, now: clock.now() })
      },
      {
        visitor: 'reader',
        response: PublicCaseWithTimeline,
        detail: {
          operationId: 'getPublicCase',
          summary: 'View a public case',
          description: 'An approved case by its reference, with its moves and what was published of it.',
        },
      },
    )
    .get(
      '/reports',
      async ({ ctx, request }) => {
        const { report, madeAt } = await reports.get(ctx)
        const text = JSON.stringify(report)
        // It is dated a second before it was made: another one is not made within that second.
        const changed = new Date(madeAt.getTime() - 1_000)
        return answerPublicly(request, { type: json, text, changedAt: changed, now: clock.now() })
      },
      {
        visitor: 'reader',
        response: PublicReportView,
        detail: {
          operationId: 'getPublicFigures',
          summary: 'See how the council does',
          description:
            'What came in and was done in the last twelve whole months, by ward, category and outcome. Figures so small that ' +
            'they could show who somebody is are left out, and so are others by which they could be worked out.',
        },
      },
    )
    .get(
      '/wards.geojson',
      async ({ ctx, council, request }) => {
        const { state, changed } = await wardsState(ctx)
        const answer = { changedAt: latest(council, changed), now: clock.now() }
        const type = 'application/geo+json; charset=utf-8'
        const { headers, unchanged } = unchangedAnswer(request, { ...answer, type, tagged: state })
        if (unchanged) return unchanged
        return streamed(
          request,
          headers,
          async () => featureParts(ctx),
          (error) => log.error('a map broke off', { id: ctx.requestId, error }),
        )
      },
      {
        visitor: 'reader',
        detail: {
          operationId: 'getWardsAsGeoJson',
          summary: 'Map the wards',
          description: 'The wards in use with their boundaries, as a GeoJSON FeatureCollection in WGS 84.',
          responses: feedFiles.map,
        },
      },
    )
}
