import { Elysia } from 'elysia'
import type { Deps } from '../../../../core/ctx'
import { pages } from '../../../../http/pages'
import { patchCase } from '../../../../resources/cases/service'
import { changing } from '../../../form/change'
import { submit } from '../../../form/submit'
import { goToCase } from '../open'
import { readAssignment, showAssignment } from './form'

/** How a case is given to somebody. */
export const assignmentRoutes = (deps: Deps) =>
  new Elysia({ prefix: '/admin/cases' })
    .use(pages(deps))
    .get('/:reference/assign', ({ visit, params }) => showAssignment(visit, params.reference), {
      page: 'cases:write',
    })
    .post(
      '/:reference/assign',
      ({ visit, params: { reference } }) =>
        submit(
          async () => {
            const view = await patchCase(changing(visit), reference, readAssignment(visit))
            return goToCase(visit.ctx, view, 'assigned')
          },
          (problem) => showAssignment(visit, reference, problem),
        ),
      { page: 'cases:write' },
    )
