import { removeSecondFactor } from '../../core/second-factor/service'
import { endSessionsOf } from '../../core/sessions/service'
import type { Visit } from '../../http/pages'
import { getUser } from '../../resources/users/store'
import type { Problem } from '../form/fields'
import { showForm } from '../form/page'
import type { Form } from '../form/routes'
import { redirect } from '../page'
import { type ById, personPath } from './person'

async function showFactorRemoval(visit: Visit, problem: Problem, { id }: ById): Promise<Response> {
  const { name } = await getUser(visit.ctx, id)
  return showForm(visit, {
    title: `Remove the second factor of ${name}`,
    intro:
      'Do this only if you are sure that they asked for it, for example because they have lost their phone. Until they ' +
      'set up another one, anybody who knows their password can sign in as them.',
    fields: [],
    problem,
    button: 'Remove it',
    isWarning: true,
    back: { text: name, href: personPath(id) },
  })
}

async function saveFactorRemoval(visit: Visit, { id }: ById): Promise<Response> {
  await getUser(visit.ctx, id)
  await removeSecondFactor(visit.ctx, id)
  return redirect(personPath(id, '?done=factor-removed'))
}

export const factorRemovalForm: Form = {
  path: '/:id/second-factor/remove',
  permission: 'users:write',
  show: showFactorRemoval,
  save: saveFactorRemoval,
}

export async function signOutEverywhere(visit: Visit, { id }: ById): Promise<Response> {
  await getUser(visit.ctx, id)
  await endSessionsOf(visit.ctx, id)
  return redirect(personPath(id, '?done=signed-out'))
}
