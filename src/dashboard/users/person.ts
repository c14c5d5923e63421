import { hasSecondFactor } from '../../core/sessions/store'
import { noPassword } from '../../core/users/model'
import type { Visit } from '../../http/pages'
import type { UserView } from '../../resources/users/model'
import { showUsers } from '../../resources/users/service'
import { getUser } from '../../resources/users/store'
import { mayUse } from '../administration/places'
import { showPage } from '../page'
import { formatDay, wordsOf } from '../words'
import { wardNamer } from './wards'

const notices = {
  invited: 'They were invited: an e-mail with a link is on its way to them',
  saved: 'The changes were saved',
  sent: 'An e-mail with a link is on its way to them',
  'factor-removed': 'The second factor was removed',
  'signed-out': 'They were signed out everywhere',
}

const dayOf = (date: string | null) => (date === null ? null : formatDay(date, 'UTC'))

/** One person, as the visitor may see them; who may change people sees too how they sign in. */
export async function showPerson(visit: Visit, id: string): Promise<Response> {
  const { ctx } = visit
  const row = await getUser(ctx, id)
  const [view] = (await showUsers(ctx, [row])) as [UserView]
  const mayWrite = mayUse(visit, 'users:write')
  const namesOf = await wardNamer(
    ctx,
    view.terms.map(({ wardId }) => wardId),
  )
  return showPage(visit, 'users/view.njk', {
    title: view.name,
    notices,
    back: { text: 'People', href: '/admin/users' },
    person: { ...view, role: wordsOf(view.role) },
    isOwn: id === visit.signedIn.user.id,
    isContactShown: view.email !== null,
    wards: namesOf(view.wardIds),
    terms: view.terms.map(({ wardId, startDate, endDate }) => ({
      ward: namesOf([wardId])[0],
      from: dayOf(startDate),
      to: dayOf(endDate),
    })),
    mayWrite,
    mayAudit: mayUse(visit, 'audit:read'),
    access: mayWrite && {
      hasPassword: row.passwordHash !== noPassword,
      hasSecondFactor: await hasSecondFactor(ctx, id),
    },
  })
}
