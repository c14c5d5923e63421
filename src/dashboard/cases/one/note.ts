import type { Visit } from '../../../http/pages'
import { NoteCreate } from '../../../resources/cases/timeline/model'
import { addNote } from '../../../resources/cases/timeline/service'
import { readFields } from '../../form/fields'
import { doOnce } from '../../form/once'
import type { Form } from '../../form/routes'
import { checkInput, valuesOf } from '../../form/values'
import { redirect } from '../../page'
import { confirmationIn } from './confirming'
import { type ByReference, casePath } from './open'
import { noteFields, showCasePage } from './page'

async function saveNote(visit: Visit, { reference }: ByReference): Promise<Response> {
  const sent = valuesOf(readFields(noteFields, visit.form))
  const note = {
    body: sent.text('body'),
    visibility: sent.given('visibility'),
    ...confirmationIn(visit.form),
  }
  await doOnce(visit, (ctx) => addNote(ctx, reference, checkInput(NoteCreate, note)))
  return redirect(casePath({ reference }, '?done=noted'))
}

/** The note form of the case’s page, which is shown there. */
export const noteForm: Form = {
  path: '/:reference/notes',
  permission: 'cases:write',
  show: (visit, problem, { reference }: ByReference) => showCasePage(visit, reference, { problem }),
  save: saveNote,
}
