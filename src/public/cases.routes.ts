import { Elysia } from 'elysia'
import type { Deps } from '../core/ctx'
import { paged } from '../core/paging'
import { Strict } from '../core/schema'
import { changedAt } from '../core/tenants/store'
import { visitor } from '../http/visitor'
import {
  PublicCaseList,
  PublicCaseQuery,
  PublicCaseWithTimeline,
  publicCaseFilters,
  toPublicEntry,
  toPublicView,
} from '../resources/cases/public/model'
import { getPublicCase, listPublicCases, listPublicEntries } from '../resources/cases/public/store'
import { ids } from '../resources/sample-values'
import { answerPublicly, jsonType, latest } from './answer'
import { caseFeed } from './cases'
import { feedTypes, toRss } from './feed'
import { baseUrl, namedCategory, namedWard } from './place'
import { sampleRss } from './sample-files'

const sample = {
  part: 'cases',
  id: `urn:x-reeve:case:${ids.case}`,
  title: 'Pothole reported on Mina Road',
  link: 'cases/CW-2026-0042',
  html: 'In progress, Potholes, Ashley. Pothole reported on Mina Road',
}

export function publicCaseRoutes(deps: Deps) {
  const { config, clock } = deps
  return new Elysia({ prefix: '/public/:tenant', tags: ['Public'] })
    .use(visitor(deps))
    .get(
      '/cases.rss',
      async ({ ctx, council, request, query }) => {
        const changed = latest(council, changedAt(council, 'cases'))
        const filters = {
          wardId: await namedWard(ctx, query.ward),
          categoryId: await namedCategory(ctx, query.category),
        }
        const text = toRss(await caseFeed(ctx, baseUrl(config, request), filters, changed))
        return answerPublicly(request, { type: feedTypes.rss, text, changedAt: changed, now: clock.now() })
      },
      {
        visitor: 'reader',
        query: Strict(publicCaseFilters),
        detail: {
          operationId: 'getCasesAsRss',
          summary: 'Follow cases as RSS 2.0',
          description: 'The approved cases that changed most recently: what was reported and what happened.',
          responses: sampleRss(sample),
        },
      },
    )
    .get(
      '/cases.json',
      async ({ ctx, council, request, query: { ward, category, ...query } }) => {
        const filters = { wardId: await namedWard(ctx, ward), categoryId: await namedCategory(ctx, category) }
        const { rows, pagination } = await paged(ctx, 'public cases', { ...query, ...filters }, (slice) =>
          listPublicCases(ctx, filters, slice),
        )
        const text = JSON.stringify({ cases: rows.map(toPublicView), pagination })
        const changed = latest(council, changedAt(council, 'cases'))
        return answerPublicly(request, { type: jsonType, text, changedAt: changed, now: clock.now() })
      },
      {
        visitor: 'reader',
        query: PublicCaseQuery,
        response: PublicCaseList,
        detail: {
          operationId: 'listPublicCases',
          summary: 'List public cases',
          description:
            'Approved cases, most recently changed first: what was reported, roughly where, and what happened.',
        },
      },
    )
    .get(
      '/cases/:reference',
      async ({ ctx, council, request, params }) => {
        const found = await getPublicCase(ctx, params.reference)
        const timeline = (await listPublicEntries(ctx, found.case.id, false)).map(toPublicEntry)
        const text = JSON.stringify({ ...toPublicView(found), timeline })
        const changed = latest(council, found.case.updatedAt, changedAt(council, 'cases'))
        return answerPublicly(request, { type: jsonType, text, changedAt: changed, now: clock.now() })
      },
      {
        visitor: 'reader',
        response: PublicCaseWithTimeline,
        detail: {
          operationId: 'getPublicCase',
          summary: 'View a public case',
          description: 'An approved case by its reference, with its public timeline.',
        },
      },
    )
}
