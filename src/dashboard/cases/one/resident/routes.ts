import { Elysia } from 'elysia'
import type { Deps } from '../../../../core/ctx'
import { pages } from '../../../../http/pages'
import { patchCase } from '../../../../resources/cases/service'
import { changing } from '../../../form/change'
import { submit } from '../../../form/submit'
import { redirect } from '../../../page'
import { casePath } from '../open'
import { readResident, showOthers, showResident } from './form'

/** What is known of a case's resident. Whoever looks is on record; nothing personal stands in an address. */
export const residentRoutes = (deps: Deps) =>
  new Elysia({ prefix: '/admin/cases' })
    .use(pages(deps))
    .get('/:reference/resident', ({ visit, params }) => showResident(visit, params.reference), {
      page: 'residents:read',
    })
    .post(
      '/:reference/resident',
      ({ visit, params: { reference } }) =>
        submit(
          async () => {
            const view = await patchCase(changing(visit), reference, readResident(visit))
            return redirect(casePath(view, '/resident?done=saved'))
          },
          (problem) => showResident(visit, reference, problem),
        ),
      { page: 'residents:read' },
    )
    .post('/:reference/resident/others', ({ visit, params }) => showOthers(visit, params.reference), {
      page: 'residents:read',
    })
