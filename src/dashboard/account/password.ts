import type { Deps } from '../../core/ctx'
import { changePassword } from '../../core/passwords/change.service'
import { renew } from '../../core/sessions/service'
import type { Visit } from '../../http/pages'
import { isKept, sessionCookie } from '../../http/session-cookie'
import { type Field, type Problem, readFields } from '../form/fields'
import { showForm } from '../form/page'
import type { Form } from '../form/routes'
import { valuesOf } from '../form/values'
import { redirect } from '../page'
import { newPasswordField } from '../sign-in/password'

/** For what an open session alone does not allow. */
export const currentField: Field = {
  name: 'current',
  label: 'Current password',
  kind: 'password',
  autocomplete: 'current-password',
}

const fields = [currentField, newPasswordField]

const showPassword = (visit: Visit, problem: Problem): Promise<Response> =>
  showForm(visit, {
    title: 'Change your password',
    intro: 'This signs you out everywhere else.',
    fields,
    problem,
    button: 'Change it',
    back: { text: 'Back to your account', href: '/admin/account' },
  })

async function savePassword(deps: Deps, { ctx, signedIn, form, request }: Visit): Promise<Response> {
  const { text } = valuesOf(readFields(fields, form))
  await changePassword(ctx, deps, signedIn.user, {
    current: text('current'),
    password: text('password'),
    sessionId: signedIn.sessionId,
  })
  const started = await renew(deps, signedIn, signedIn.secondFactorAt)
  return redirect('/admin/account?done=password', sessionCookie(started, isKept(request)))
}

export const passwordForm = (deps: Deps): Form => ({
  path: '/password',
  permission: 'signed-in',
  show: showPassword,
  save: (visit) => savePassword(deps, visit),
})
