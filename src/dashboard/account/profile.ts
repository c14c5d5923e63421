import type { Visit } from '../../http/pages'
import { forbidden } from '../../lib/errors'
import { detailsOf, patchProfile } from '../../resources/users/edit.service'
import { changing, showChange } from '../form/change'
import { type Problem, readFields } from '../form/fields'
import type { Form } from '../form/routes'
import { valuesOf } from '../form/values'
import { redirect } from '../page'
import { profileFields, readProfile, valuesIn } from '../users/fields'

async function showProfile(visit: Visit, problem: Problem): Promise<Response> {
  const view = await detailsOf(visit.ctx, visit.signedIn.user)
  return showChange(visit, {
    title: 'Your public profile',
    intro: 'Residents see it wherever your council shows its councillors.',
    fields: profileFields,
    state: view,
    current: valuesIn(view),
    problem,
    button: 'Save',
    back: { text: 'Your account', href: '/admin/account' },
  })
}

async function saveProfile(visit: Visit): Promise<Response> {
  await patchProfile(changing(visit), readProfile(valuesOf(readFields(profileFields, visit.form))))
  return redirect('/admin/account?done=profile')
}

export const profileForm: Form = {
  path: '/profile',
  permission: 'signed-in',
  divert({ signedIn: { user } }: Visit) {
    if (user.role === 'councillor') return null
    throw forbidden('Only a councillor has a public profile', { role: user.role })
  },
  show: showProfile,
  save: saveProfile,
}
