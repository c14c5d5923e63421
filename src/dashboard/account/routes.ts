import { Elysia } from 'elysia'
import type { Deps } from '../../core/ctx'
import { signOut } from '../../core/sessions/service'
import { pages, type Visit } from '../../http/pages'
import { forgetCookie } from '../../http/session-cookie'
import { formRoutes } from '../form/routes'
import { redirect, showPage } from '../page'
import { wordsOf } from '../words'
import { passwordForm } from './password'
import { profileForm } from './profile'
import { isRequired, recoveryCodesForm, removalForm } from './second-factor'

const notices = {
  password: 'Your password was changed. You are signed out everywhere else.',
  removed: 'Your second factor was removed',
  profile: 'Your profile was saved',
}

function showAccount(visit: Visit): Promise<Response> {
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

async function signOutEverywhere({ signedIn }: Visit): Promise<Response> {
  await signOut(signedIn, 'everywhere')
  return redirect('/admin/sign-in?done=signed-out', forgetCookie())
}

/** How people sign in, as they may change it themselves, and a councillor’s own profile. */
export const accountRoutes = (deps: Deps) =>
  new Elysia({ prefix: '/admin/account' })
    .use(pages(deps))
    .get('', ({ visit }) => showAccount(visit), { page: 'signed-in' })
    .post('/sign-out-everywhere', ({ visit }) => signOutEverywhere(visit), { page: 'signed-in' })
    .use(formRoutes(deps, [profileForm, passwordForm(deps), recoveryCodesForm(deps), removalForm(deps)]))
