import type { Visit } from '../../http/pages'
import { detailsOf, patchUser } from '../../resources/users/edit.service'
import { getUser } from '../../resources/users/store'
import { saveChange, showChange } from '../form/change'
import type { Problem } from '../form/fields'
import type { Form } from '../form/routes'
import { valuesOf } from '../form/values'
import { redirect } from '../page'
import { readUser, userFields, valuesIn } from './fields'
import { type ById, personPath } from './person'
import { wardsToTick } from './wards'

async function subjectOf({ ctx, form }: Visit, id: string) {
  const view = await detailsOf(ctx, await getUser(ctx, id))
  const chosen = [...view.wardIds, ...form.getAll('wardIds')]
  return { fields: userFields(await wardsToTick(ctx, chosen)), current: valuesIn(view), state: view }
}

async function showUser(visit: Visit, problem: Problem, { id }: ById): Promise<Response> {
  const subject = await subjectOf(visit, id)
  const { name } = subject.state
  return showChange(visit, {
    ...subject,
    title: `Change ${name}`,
    problem,
    button: 'Save the changes',
    back: { text: name, href: personPath(id) },
  })
}

async function saveUser(visit: Visit, { id }: ById): Promise<Response> {
  await saveChange(
    visit,
    () => subjectOf(visit, id),
    (ctx, sent, { state }) => patchUser(ctx, id, readUser(valuesOf(sent), state)),
  )
  return redirect(personPath(id, '?done=saved'))
}

export const userForm: Form = {
  path: '/:id/edit',
  permission: 'users:write',
  show: showUser,
  save: saveUser,
}
