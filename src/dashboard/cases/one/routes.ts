import { Elysia } from 'elysia'
import type { Deps } from '../../../core/ctx'
import { pages } from '../../../http/pages'
import { formRoutes } from '../../form/routes'
import { assignmentForm } from './assignment'
import { editForm } from './edit'
import { moveForm } from './move'
import { noteForm } from './note'
import { showOthers } from './others'
import { showCasePage } from './page'
import { publicationForm } from './publication'
import { residentForm } from './resident'
import { showTimeline } from './timeline'
import { waitingEndForm, waitingForm } from './waiting'

const forms = [noteForm, waitingForm, assignmentForm, editForm, residentForm, publicationForm]

/** The page of one case and every page below it. */
export const caseRoutes = (deps: Deps) =>
  new Elysia({ prefix: '/admin/cases' })
    .use(pages(deps))
    .get('/:reference', ({ visit, params }) => showCasePage(visit, params.reference), { page: 'cases:read' })
    .get('/:reference/timeline', ({ visit, params }) => showTimeline(visit, params), { page: 'cases:read' })
    .post('/:reference/resident/others', ({ visit, params }) => showOthers(visit, params), {
      page: 'residents:read',
    })
    .use(formRoutes(deps, [moveForm(deps), waitingEndForm(deps), ...forms]))
