import type { Visit } from '../../http/pages'
import { detailsOf, patchUser } from '../../resources/users/edit.service'
import { getUser } from '../../resources/users/store'
import { changing, showChange } from '../form/change'
import { type Problem, readFields } from '../form/fields'
import { noProblem, submit } from '../form/submit'
import { valuesOf } from '../form/values'
import { redirect } from '../page'
import { readUser, shownUser, userFields } from './fields'
import { wardsToTick } from './wards'

/** The form by which somebody is changed. */
export async function showEdit(visit: Visit, id: string, problem: Problem = noProblem): Promise<Response> {
  const view = await detailsOf(visit.ctx, await getUser(visit.ctx, id))
  const chosen = [...view.wardIds, ...visit.form.getAll('wardIds')]
  return showChange(visit, {
    title: `Change ${view.name}`,
    fields: userFields(await wardsToTick(visit.ctx, chosen)),
    state: view,
    shown: shownUser(view),
    problem,
    button: 'Save the changes',
    back: { text: view.name, href: `/admin/users/${id}` },
  })
}

/** Changes somebody as the form says. */
export const saveUser = (visit: Visit, id: string): Promise<Response> =>
  submit(
    async () => {
      const { ctx, form } = visit
      const present = await detailsOf(ctx, await getUser(ctx, id))
      const sent = readFields(userFields(await wardsToTick(ctx, present.wardIds)), form)
      await patchUser(changing(visit), id, readUser(valuesOf(sent), present))
      return redirect(`/admin/users/${id}?done=saved`)
    },
    (problem) => showEdit(visit, id, problem),
  )
