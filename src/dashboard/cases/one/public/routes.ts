import { Elysia } from 'elysia'
import type { Deps } from '../../../../core/ctx'
import { pages } from '../../../../http/pages'
import { patchCase } from '../../../../resources/cases/service'
import { changing } from '../../../form/change'
import { submit } from '../../../form/submit'
import { redirect } from '../../../page'
import { casePath } from '../open'
import { readPublic, showPublic } from './form'

/** What everybody may read of a case. */
export const publicSideRoutes = (deps: Deps) =>
  new Elysia({ prefix: '/admin/cases' })
    .use(pages(deps))
    .get('/:reference/public', ({ visit, params }) => showPublic(visit, params.reference), {
      page: 'cases:write',
    })
    .post(
      '/:reference/public',
      ({ visit, params: { reference } }) =>
        submit(
          async () => {
            const ctx = changing(visit)
            const input = await readPublic(visit, reference)
            if (input !== null) await patchCase(ctx, reference, input)
            const done = input === null ? 'unchanged' : (input.publicState ?? 'saved')
            return redirect(casePath({ reference }, `/public?done=${done}`))
          },
          (problem) => showPublic(visit, reference, problem),
        ),
      { page: 'cases:write' },
    )
