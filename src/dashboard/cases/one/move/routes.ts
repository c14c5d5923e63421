import { Elysia } from 'elysia'
import type { Deps } from '../../../../core/ctx'
import { pages } from '../../../../http/pages'
import { patchCase } from '../../../../resources/cases/service'
import { changing } from '../../../form/change'
import { submit } from '../../../form/submit'
import { goToCase } from '../open'
import { readMove, readStatus, showMove } from './form'

/** How a case is moved from one status to another. */
export const moveRoutes = (deps: Deps) =>
  new Elysia({ prefix: '/admin/cases' })
    .use(pages(deps))
    .get(
      '/:reference/move/:status',
      ({ visit, params }) => showMove(visit, params.reference, readStatus(params.status)),
      { page: 'cases:write' },
    )
    .post(
      '/:reference/move/:status',
      ({ visit, params: { reference, status } }) => {
        const to = readStatus(status)
        return submit(
          async () => {
            const input = await readMove(visit, reference, to)
            return goToCase(visit.ctx, await patchCase(changing(visit), reference, input), 'moved')
          },
          (problem) => showMove(visit, reference, to, problem),
        )
      },
      { page: 'cases:write' },
    )
