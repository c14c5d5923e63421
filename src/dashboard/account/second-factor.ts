import type { Deps } from '../../core/ctx'
import { assertOwnPassword } from '../../core/passwords/change.service'
import { newRecoveryCodes, removeSecondFactor } from '../../core/second-factor/service'
import type { Visit } from '../../http/pages'
import { forbidden } from '../../lib/errors'
import { type Problem, readFields } from '../form/fields'
import { showForm } from '../form/page'
import type { Form } from '../form/routes'
import { valuesOf } from '../form/values'
import { redirect } from '../page'
import { showRecoveryCodes } from '../sign-in/second-factor'
import { currentField } from './password'

export const isRequired = ({ signedIn: { tenant, user } }: Visit): boolean =>
  tenant.requireSecondFactor && user.role === 'admin'

const fields = [currentField]

/** Asks for the password, so that a stranger at an open session cannot keep the account. */
const provePassword = (deps: Deps, { ctx, signedIn, form }: Visit): Promise<void> =>
  assertOwnPassword(ctx, deps, signedIn.user, valuesOf(readFields(fields, form)).text('current'))

const back = { text: 'Back to your account', href: '/admin/account' }

const showRemoval = (visit: Visit, problem: Problem): Promise<Response> =>
  showForm(visit, {
    title: 'Remove your second factor',
    intro: 'Anybody who knows your password could then sign in as you.',
    fields,
    problem,
    button: 'Remove it',
    isWarning: true,
    back,
  })

async function saveRemoval(deps: Deps, visit: Visit): Promise<Response> {
  if (isRequired(visit)) throw forbidden('Your council requires its administrators to have a second factor')
  await provePassword(deps, visit)
  await removeSecondFactor(visit.ctx, visit.signedIn.user.id)
  return redirect('/admin/account?done=removed')
}

export const removalForm = (deps: Deps): Form => ({
  path: '/second-factor/remove',
  permission: 'signed-in',
  show: showRemoval,
  save: (visit) => saveRemoval(deps, visit),
})

const showRenewal = (visit: Visit, problem: Problem): Promise<Response> =>
  showForm(visit, {
    title: 'New recovery codes',
    intro: 'They replace those that you have.',
    fields,
    problem,
    button: 'Show new recovery codes',
    back,
  })

async function saveRenewal(deps: Deps, visit: Visit): Promise<Response> {
  await provePassword(deps, visit)
  return showRecoveryCodes(visit, await newRecoveryCodes(visit.ctx, visit.signedIn.user.id, deps.random))
}

export const recoveryCodesForm = (deps: Deps): Form => ({
  path: '/recovery-codes',
  permission: 'signed-in',
  divert: ({ signedIn }) => (signedIn.hasSecondFactor ? null : redirect('/admin/account')),
  show: showRenewal,
  save: (visit) => saveRenewal(deps, visit),
})
