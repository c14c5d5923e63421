import { Elysia } from 'elysia'
import type { Deps } from '../../core/ctx'
import { forgetCookie, keepCookie, signIn, signOut } from '../../core/sessions/service'
import { isReachedPlainly } from '../../http/hosts'
import { type Entry, pages, type Visit } from '../../http/pages'
import { councilField } from '../councils'
import { type Field, type Problem, readFields } from '../form/fields'
import { showEntryForm } from '../form/page'
import { noProblem, submit } from '../form/submit'
import { ownPath, redirect } from '../page'
import { askForCode, showEnrolment, takeCode, takeFirstCode } from './second-factor'

const own: Field[] = [
  { name: 'email', label: 'E-mail address', kind: 'email', autocomplete: 'username' },
  { name: 'password', label: 'Password', kind: 'password', autocomplete: 'current-password' },
]

const fieldsFor = async (deps: Deps) => {
  const { field, only } = await councilField(deps)
  return { fields: [...field, ...own], only }
}

/** Who has a second factor shows it first; who has a one-time password replaces it first. */
const mayEnrol = ({ signedIn: { need, hasSecondFactor } }: Visit) =>
  !hasSecondFactor && (need === null || need === 'second_factor')

/** How somebody comes in and goes out. */
export const signInRoutes = (deps: Deps) => {
  const show = async (entry: Entry, problem: Problem = noProblem) => {
    const { fields } = await fieldsFor(deps)
    const { email, council } = readFields(fields, entry.form)
    return showEntryForm(entry, {
      title: 'Sign in',
      notices: { 'signed-out': 'You have signed out' },
      fields,
      values: { council: council ?? entry.query.getAll('council'), email },
      problem,
      button: 'Sign in',
      view: 'sign-in/page.njk',
      more: { isPlain: isReachedPlainly(deps.config) },
    })
  }
  return new Elysia({ prefix: '/admin' })
    .use(pages(deps))
    .get('/sign-in', ({ entry }) => show(entry), { entry: true })
    .post(
      '/sign-in',
      ({ entry }) =>
        submit(
          async () => {
            const { fields, only } = await fieldsFor(deps)
            const sent = readFields(fields, entry.form)
            const text = (name: string) => sent[name]?.[0] ?? ''
            const credentials = {
              council: only ?? text('council'),
              email: text('email'),
              password: text('password'),
            }
            const started = await signIn(deps, credentials, entry.caller)
            return redirect(ownPath(entry.query.get('next'), '/admin'), keepCookie(started))
          },
          (problem) => show(entry, problem),
        ),
      { entry: true },
    )
    .get(
      '/sign-in/code',
      ({ visit }) => (visit.signedIn.need === 'code' ? askForCode(visit) : redirect('/admin')),
      { page: 'signing-in' },
    )
    .post(
      '/sign-in/code',
      ({ visit }) => (visit.signedIn.need === 'code' ? takeCode(deps, visit) : redirect('/admin')),
      { page: 'signing-in' },
    )
    .get(
      '/sign-in/second-factor',
      ({ visit }) => (mayEnrol(visit) ? showEnrolment(deps, visit) : redirect('/admin')),
      { page: 'signing-in' },
    )
    .post(
      '/sign-in/second-factor',
      ({ visit }) => (mayEnrol(visit) ? takeFirstCode(deps, visit) : redirect('/admin')),
      { page: 'signing-in' },
    )
    .post(
      '/sign-out',
      async ({ entry }) => {
        if (entry.signedIn) await signOut(entry.signedIn, 'here')
        return redirect('/admin/sign-in?done=signed-out', forgetCookie())
      },
      { entry: true },
    )
}
