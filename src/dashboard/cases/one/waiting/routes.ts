import { Elysia } from 'elysia'
import type { Deps } from '../../../../core/ctx'
import { pages } from '../../../../http/pages'
import { patchCase } from '../../../../resources/cases/service'
import { changing } from '../../../form/change'
import { submit } from '../../../form/submit'
import { goToCase } from '../open'
import { showCasePage } from '../page'
import { readWaiting, showWaiting } from './form'

/** How a case comes to wait for somebody, and how that ends. */
export const waitingRoutes = (deps: Deps) =>
  new Elysia({ prefix: '/admin/cases' })
    .use(pages(deps))
    .get('/:reference/waiting', ({ visit, params }) => showWaiting(visit, params.reference), {
      page: 'cases:write',
    })
    .post(
      '/:reference/waiting',
      ({ visit, params: { reference } }) =>
        submit(
          async () => {
            const input = await readWaiting(visit, reference)
            return goToCase(visit.ctx, await patchCase(changing(visit), reference, input), 'waiting')
          },
          (problem) => showWaiting(visit, reference, problem),
        ),
      { page: 'cases:write' },
    )
    .post(
      '/:reference/waiting/end',
      ({ visit, params: { reference } }) =>
        submit(
          async () => {
            const view = await patchCase(changing(visit), reference, { pending: null })
            return goToCase(visit.ctx, view, 'waiting-ended')
          },
          (problem) => showCasePage(visit, reference, { problem }),
        ),
      { page: 'cases:write' },
    )
