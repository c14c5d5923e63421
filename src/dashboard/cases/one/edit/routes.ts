import { Elysia } from 'elysia'
import type { Deps } from '../../../../core/ctx'
import { pages } from '../../../../http/pages'
import { patchCase } from '../../../../resources/cases/service'
import { changing } from '../../../form/change'
import { submit } from '../../../form/submit'
import { redirect } from '../../../page'
import { casePath, goToCase } from '../open'
import { readEdit, showEdit } from './form'

/** How what is known of a case is changed. */
export const editRoutes = (deps: Deps) =>
  new Elysia({ prefix: '/admin/cases' })
    .use(pages(deps))
    .get('/:reference/edit', ({ visit, params }) => showEdit(visit, params.reference), {
      page: 'cases:write',
    })
    .post(
      '/:reference/edit',
      ({ visit, params: { reference } }) =>
        submit(
          async () => {
            const ctx = changing(visit)
            const input = await readEdit(visit, reference)
            if (input === null) return redirect(casePath({ reference }, '?done=unchanged'))
            return goToCase(ctx, await patchCase(ctx, reference, input), 'saved')
          },
          (problem) => showEdit(visit, reference, problem),
        ),
      { page: 'cases:write' },
    )
