import { Elysia } from 'elysia'
import type { Deps } from '../../../core/ctx'
import { pages } from '../../../http/pages'
import { NoteCreate } from '../../../resources/cases/timeline/model'
import { addNote } from '../../../resources/cases/timeline/service'
import { readFields } from '../../form/fields'
import { checkInput } from '../../form/input'
import { submit } from '../../form/submit'
import { valuesOf } from '../../form/values'
import { redirect } from '../../page'
import { assignmentRoutes } from './assignment/routes'
import { editRoutes } from './edit/routes'
import { moveRoutes } from './move/routes'
import { casePath } from './open'
import { noteFields, showCasePage, showTimelinePage } from './page'
import { publicSideRoutes } from './public/routes'
import { residentRoutes } from './resident/routes'
import { waitingRoutes } from './waiting/routes'

/** The page of one case and what is done from it. */
const caseRoutes = (deps: Deps) =>
  new Elysia({ prefix: '/admin/cases' })
    .use(pages(deps))
    .get('/:reference', ({ visit, params }) => showCasePage(visit, params.reference), {
      page: 'cases:read',
    })
    .get('/:reference/timeline', ({ visit, params }) => showTimelinePage(visit, params.reference), {
      page: 'cases:read',
    })
    .post(
      '/:reference/notes',
      ({ visit, params: { reference } }) =>
        submit(
          async () => {
            const sent = valuesOf(readFields(noteFields, visit.form))
            const note = { body: sent.text('body'), visibility: sent.given('visibility') }
            await addNote(visit.ctx, reference, checkInput(NoteCreate, note))
            return redirect(casePath({ reference }, '?done=noted'))
          },
          (problem) => showCasePage(visit, reference, { problem }),
        ),
      { page: 'cases:write' },
    )

/** The page of one case and every page below it. */
export const casePages = (deps: Deps) =>
  new Elysia({ name: 'case pages' })
    .use(caseRoutes(deps))
    .use(moveRoutes(deps))
    .use(waitingRoutes(deps))
    .use(assignmentRoutes(deps))
    .use(editRoutes(deps))
    .use(residentRoutes(deps))
    .use(publicSideRoutes(deps))
