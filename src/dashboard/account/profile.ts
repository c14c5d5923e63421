import type { Visit } from '../../http/pages'
import { forbidden } from '../../lib/errors'
import { detailsOf, patchProfile } from '../../resources/users/edit.service'
import { getUser } from '../../resources/users/store'
import { saveChange, showChange } from '../form/change'
import type { Problem } from '../form/fields'
import type { Form } from '../form/routes'
import { valuesOf } from '../form/values'
import { redirect } from '../page'
import { profileFields, readProfile, valuesIn } from '../users/fields'

async function subjectOf({ ctx, signedIn }: Visit) {
  const view = await detailsOf(ctx, await getUser(ctx, signedIn.user.id))
  return { fields: profileFields, current: valuesIn(view), state: view }
}

async function showProfile(visit: Visit, problem: Problem): Promise<Response> {
  return showChange(visit, {
    ...(await subjectOf(visit)),
    title: 'Your public profile',
    intro: 'Residents see it wherever your council shows its councillors.',
    problem,
    button: 'Save',
    back: { text: 'Your account', href: '/admin/account' },
  })
}

async function saveProfile(visit: Visit): Promise<Response> {
  await saveChange(
    visit,
    () => subjectOf(visit),
    (ctx, sent) => patchProfile(ctx, readProfile(valuesOf(sent))),
  )
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
