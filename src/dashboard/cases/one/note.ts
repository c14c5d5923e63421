import type { Visit } from '../../../http/pages'
import { NoteCreate } from '../../../resources/cases/timeline/model'
import { addNote } from '../../../resources/cases/timeline/service'
import { readFields } from '../../form/fields'
import { submit } from '../../form/submit'
import { checkInput, valuesOf } from '../../form/values'
import { redirect } from '../../page'
import { confirmationIn } from './confirming'
import { type ByReference, casePath } from './open'
import { noteFields, showCasePage } from './page'

/** Saves the note form of the case’s page; a refusal is shown there. */
export const saveNote = (visit: Visit, { reference }: ByReference): Promise<Response> =>
  submit(
    async () => {
      const sent = valuesOf(readFields(noteFields, visit.form))
      const note = {
        body: sent.text('body'),
        visibility: sent.given('visibility'),
        ...confirmationIn(visit.form),
      }
      await addNote(visit.ctx, reference, checkInput(NoteCreate, note))
      return redirect(casePath({ reference }, '?done=noted'))
    },
    (problem) => showCasePage(visit, reference, { problem }),
  )
