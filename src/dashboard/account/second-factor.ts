import type { Deps } from '../../core/ctx'
import { newRecoveryCodes, removeSecondFactor } from '../../core/second-factor/service'
import type { Visit } from '../../http/pages'
import { forbidden } from '../../lib/errors'
import type { Problem } from '../form/fields'
import { showForm } from '../form/page'
import type { Form } from '../form/routes'
import { redirect } from '../page'
import { showRecoveryCodes } from '../sign-in/second-factor'

export const isRequired = ({ signedIn: { tenant, user } }: Visit): boolean =>
  tenant.requireSecondFactor && user.role === 'admin'

const showRemoval = (visit: Visit, problem: Problem): Promise<Response> =>
  showForm(visit, {
    title: 'Remove your second factor',
    intro: 'Anybody who knows your password could then sign in as you.',
    fields: [],
    problem,
    button: 'Remove it',
    isWarning: true,
    back: { text: 'Back to your account', href: '/admin/account' },
  })

async function saveRemoval(visit: Visit): Promise<Response> {
  if (isRequired(visit)) throw forbidden('Your council requires its administrators to have a second factor')
  await removeSecondFactor(visit.ctx, visit.signedIn.user.id)
  return redirect('/admin/account?done=removed')
}

export const removalForm: Form = {
  path: '/second-factor/remove',
  permission: 'signed-in',
  show: showRemoval,
  save: saveRemoval,
}

export const replaceRecoveryCodes = async (deps: Deps, visit: Visit): Promise<Response> =>
  showRecoveryCodes(visit, await newRecoveryCodes(visit.ctx, visit.signedIn.user.id, deps.random))
