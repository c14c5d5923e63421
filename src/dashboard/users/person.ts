import { hasSecondFactor } from '../../core/second-factor/store'
import { noPassword } from '../../core/users/model'
import type { Visit } from '../../http/pages'
import type { UserView } from '../../resources/users/model'
import { showUsers } from '../../resources/users/service'
import { getUser } from '../../resources/users/store'
import { showPage } from '../page'
import { mayUse } from '../places'
import { formatDay, wordsOf } from '../words'
import { wardNamer } from './wards'

/** The parameter of every page of a person. */
export type ById = { id: string }

export const personPath = (id: string, below = ''): string => `/admin/users/${id}${below}`

const notices = {
  invited: 'They were invited: we have sent them an e-mail with a link',
  saved: 'The changes were saved',
  sent: 'We have sent them an e-mail with a link',
  'factor-removed': 'The second factor was removed',
  'signed-out': 'They were signed out everywhere',
}

const dayOf = (date: string | null) => (date === null ? null : formatDay(date, 'UTC'))

/** People who may change somebody also see how they sign in. */
export async function showPerson(visit: Visit, { id }: ById): Promise<Response> {
  const { ctx } = visit
  const row = await getUser(ctx, id)
  const [view] = (await showUsers(ctx, [row])) as [UserView]
  const mayWrite = mayUse(visit, 'users:write')
  const namesOf = await wardNamer(
    ctx,
    view.terms.map(({ wardId }) => wardId),
  )
  return showPage(visit, 'users/person.njk', {
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
