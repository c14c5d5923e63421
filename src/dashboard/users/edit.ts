import type { Visit } from '../../http/pages'
import { detailsOf, patchUser } from '../../resources/users/edit.service'
import { getUser } from '../../resources/users/store'
import { changing, showChange } from '../form/change'
import { type Problem, readFields } from '../form/fields'
import type { Form } from '../form/routes'
import { valuesOf } from '../form/values'
import { redirect } from '../page'
import { readUser, userFields, valuesIn } from './fields'
import { type ById, personPath } from './person'
import { wardsToTick } from './wards'

async function showUser(visit: Visit, problem: Problem, { id }: ById): Promise<Response> {
  const view = await detailsOf(visit.ctx, await getUser(visit.ctx, id))
  const chosen = [...view.wardIds, ...visit.form.getAll('wardIds')]
  return showChange(visit, {
    title: `Change ${view.name}`,
    fields: userFields(await wardsToTick(visit.ctx, chosen)),
    state: view,
    current: valuesIn(view),
    problem,
    button: 'Save the changes',
    back: { text: view.name, href: personPath(id) },
  })
}

async function saveUser(visit: Visit, { id }: ById): Promise<Response> {
  const { ctx, form } = visit
  const present = await detailsOf(ctx, await getUser(ctx, id))
  const sent = readFields(userFields(await wardsToTick(ctx, present.wardIds)), form)
  await patchUser(changing(visit), id, readUser(valuesOf(sent), present))
  return redirect(personPath(id, '?done=saved'))
}

export const userForm: Form = {
  path: '/:id/edit',
  permission: 'users:write',
  show: showUser,
  save: saveUser,
}
