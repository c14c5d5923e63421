import { Elysia } from 'elysia'
import type { Deps } from '../../core/ctx'
import { changePassword } from '../../core/sessions/password.service'
import { newRecoveryCodes, removeSecondFactor } from '../../core/sessions/second-factor.service'
import { forgetCookie, keepCookie, renew, signOut } from '../../core/sessions/service'
import { pages, type Visit } from '../../http/pages'
import { forbidden } from '../../lib/errors'
import { type Field, type Problem, readFields } from '../form/fields'
import { showForm } from '../form/page'
import { noProblem, submit } from '../form/submit'
import { redirect, showPage } from '../page'
import { newPassword } from '../password/routes'
import { showRecoveryCodes } from '../sign-in/second-factor'
import { wordsOf } from '../words'
import { showProfile, takeProfile } from './profile'

const present: Field = {
  name: 'current',
  label: 'Present password',
  kind: 'password',
  autocomplete: 'current-password',
}

const back = { text: 'Back to your account', href: '/admin/account' }

const notices = {
  password: 'Your password was changed. You are signed out everywhere else.',
  removed: 'Your second factor was removed',
  profile: 'Your profile was saved',
}

const isRequired = ({ signedIn: { tenant, user } }: Visit) =>
  tenant.requireSecondFactor && user.role === 'admin'

const showAccount = (visit: Visit) => {
  const { user, hasSecondFactor } = visit.signedIn
  return showPage(visit, 'account/page.njk', {
    title: 'Your account',
    notices,
    person: { name: user.name, email: user.email, role: wordsOf(user.role) },
    isCouncillor: user.role === 'councillor',
    hasSecondFactor,
    isRequired: isRequired(visit),
  })
}

const showPassword = (visit: Visit, problem: Problem = noProblem) =>
  showForm(visit, {
    title: 'Change your password',
    intro: 'You are then signed out everywhere else.',
    fields: [present, newPassword],
    problem,
    button: 'Change it',
    back,
  })

function takePassword(deps: Deps, visit: Visit): Promise<Response> {
  const { ctx, signedIn } = visit
  return submit(
    async () => {
      const { current, password } = readFields([present, newPassword], visit.form)
      await changePassword(ctx, deps, signedIn.user, {
        current: current?.[0] ?? '',
        password: password?.[0] ?? '',
        sessionId: signedIn.sessionId,
      })
      const started = await renew(deps, signedIn, signedIn.secondFactorAt)
      return redirect('/admin/account?done=password', keepCookie(started))
    },
    (problem) => showPassword(visit, problem),
  )
}

const showRemoval = (visit: Visit) =>
  showForm(visit, {
    title: 'Remove your second factor',
    intro: 'Who knows your password could then sign in as you.',
    fields: [],
    button: 'Remove it',
    isWarning: true,
    back,
  })

async function removeOwn(visit: Visit): Promise<Response> {
  if (isRequired(visit)) throw forbidden('Your council asks its administrators for a second factor')
  await removeSecondFactor(visit.ctx, visit.signedIn.user.id)
  return redirect('/admin/account?done=removed')
}

async function endEverywhere({ signedIn }: Visit): Promise<Response> {
  await signOut(signedIn, 'everywhere')
  return redirect('/admin/sign-in?done=signed-out', forgetCookie())
}

/** What everybody may change of how they sign in. */
export const accountRoutes = (deps: Deps) =>
  new Elysia({ prefix: '/admin/account' })
    .use(pages(deps))
    .get('', ({ visit }) => showAccount(visit), { page: 'signed-in' })
    .get('/profile', ({ visit }) => showProfile(visit), { page: 'signed-in' })
    .post('/profile', ({ visit }) => takeProfile(visit), { page: 'signed-in' })
    .get('/password', ({ visit }) => showPassword(visit), { page: 'signed-in' })
    .post('/password', ({ visit }) => takePassword(deps, visit), { page: 'signed-in' })
    .post(
      '/recovery-codes',
      async ({ visit }) =>
        showRecoveryCodes(visit, await newRecoveryCodes(visit.ctx, visit.signedIn.user.id, deps.random)),
      { page: 'signed-in' },
    )
    .get('/second-factor/remove', ({ visit }) => showRemoval(visit), { page: 'signed-in' })
    .post('/second-factor/remove', ({ visit }) => removeOwn(visit), { page: 'signed-in' })
    .post('/sign-out-everywhere', ({ visit }) => endEverywhere(visit), { page: 'signed-in' })
