import { Elysia } from 'elysia'
import type { Deps } from '../core/ctx'
import { visitor } from '../http/visitor'
import { PublicReportView } from '../resources/reports/model'
import { answerPublicly, jsonType } from './answer'
import { PublicReports } from './reports'

export function publicReportRoutes(deps: Deps) {
  const reports = new PublicReports()
  return new Elysia({ prefix: '/public/:tenant', tags: ['Public'] }).use(visitor(deps)).get(
    '/reports',
    async ({ ctx, request }) => {
      const { report, madeAt } = await reports.get(ctx)
      // Dated a second early, so that `answerPublicly` trusts the date at once: no other report is made in that second.
      const changedAt = new Date(madeAt.getTime() - 1_000)
      const text = JSON.stringify(report)
      return answerPublicly(request, { type: jsonType, text, changedAt, now: deps.clock.now() })
    },
    {
      visitor: 'reader',
      response: PublicReportView,
      detail: {
        operationId: 'getPublicFigures',
        summary: 'See how the council is doing',
        description:
          'Cases received and dealt with in the last twelve whole months, by ward, category and outcome. Figures so small that ' +
          'they could identify somebody are left out, and so are others from which those could be worked out.',
      },
    },
  )
}
