import { endSessionsOf } from '../../core/sessions/end.service'
import { removeSecondFactor } from '../../core/sessions/second-factor.service'
import type { Visit } from '../../http/pages'
import { getUser } from '../../resources/users/store'
import { showForm } from '../form/page'
import { redirect } from '../page'

/** Asks whether somebody's second factor is to go. */
export async function confirmRemoval(visit: Visit, id: string): Promise<Response> {
  const { name } = await getUser(visit.ctx, id)
  return showForm(visit, {
    title: `Remove the second factor of ${name}`,
    intro:
      'Do so only if you know that it is they who ask, for example because they have lost their phone. Until they set up ' +
      'another one, who knows their password can sign in as them.',
    fields: [],
    button: 'Remove it',
    isWarning: true,
    back: { text: name, href: `/admin/users/${id}` },
  })
}

export async function removeFactor(visit: Visit, id: string): Promise<Response> {
  await getUser(visit.ctx, id)
  await removeSecondFactor(visit.ctx, id)
  return redirect(`/admin/users/${id}?done=factor-removed`)
}

export async function signOutEverywhere(visit: Visit, id: string): Promise<Response> {
  await getUser(visit.ctx, id)
  await endSessionsOf(visit.ctx, id)
  return redirect(`/admin/users/${id}?done=signed-out`)
}
