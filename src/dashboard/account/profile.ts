import type { Visit } from '../../http/pages'
import { forbidden } from '../../lib/errors'
import { detailsOf, patchProfile } from '../../resources/users/edit.service'
import { changing, showChange } from '../form/change'
import { type Problem, readFields } from '../form/fields'
import { noProblem, submit } from '../form/submit'
import { valuesOf } from '../form/values'
import { redirect } from '../page'
import { profileFields, readProfile, shownUser } from '../users/fields'

function assertCouncillor({ signedIn: { user } }: Visit): void {
  if (user.role !== 'councillor')
    throw forbidden('Only a councillor has a public profile', { role: user.role })
}

/** The form by which a councillor says what residents may know of them. */
export async function showProfile(visit: Visit, problem: Problem = noProblem): Promise<Response> {
  assertCouncillor(visit)
  const view = await detailsOf(visit.ctx, visit.signedIn.user)
  return showChange(visit, {
    title: 'Your public profile',
    intro: 'Residents see it where your council shows its councillors.',
    fields: profileFields,
    state: view,
    shown: shownUser(view),
    problem,
    button: 'Save',
    back: { text: 'Your account', href: '/admin/account' },
  })
}

/** Keeps what the form says. */
export function takeProfile(visit: Visit): Promise<Response> {
  assertCouncillor(visit)
  return submit(
    async () => {
      await patchProfile(changing(visit), readProfile(valuesOf(readFields(profileFields, visit.form))))
      return redirect('/admin/account?done=profile')
    },
    (problem) => showProfile(visit, problem),
  )
}
