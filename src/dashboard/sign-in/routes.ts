import { Elysia } from 'elysia'
import type { Deps } from '../../core/ctx'
import { signOut } from '../../core/sessions/service'
import { type Entry, pages } from '../../http/pages'
import { forgetCookie } from '../../http/session-cookie'
import { formRoutes } from '../form/routes'
import { redirect } from '../page'
import { stayIn } from '../session'
import { forgottenForm } from './forgotten'
import { linkForm, replacementForm } from './password'
import { codeForm, enrolmentForm } from './second-factor'
import { setUpForm } from './set-up'
import { signInForm } from './sign-in'

async function signOutHere({ signedIn }: Entry): Promise<Response> {
  if (signedIn) await signOut(signedIn, 'here')
  return redirect('/admin/sign-in?done=signed-out', forgetCookie())
}

const forms = [signInForm, codeForm, enrolmentForm, replacementForm, linkForm, forgottenForm, setUpForm]

/** Signing in, for the first time too, and signing out. */
export const signInRoutes = (deps: Deps) =>
  new Elysia({ prefix: '/admin' })
    .use(pages(deps))
    .post('/sign-out', ({ entry }) => signOutHere(entry), { entry: true })
    .post('/session', ({ visit }) => stayIn(visit), { page: 'signed-in' })
    .use(
      formRoutes(
        deps,
        forms.map((form) => form(deps)),
      ),
    )
