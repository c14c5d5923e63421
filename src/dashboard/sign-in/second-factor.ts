import type { Deps } from '../../core/ctx'
import { assertOwnPassword } from '../../core/passwords/change.service'
import { confirmSecondFactor, startSecondFactor } from '../../core/second-factor/service'
import { renew } from '../../core/sessions/service'
import { enterCode } from '../../core/sessions/sign-in.service'
import type { Visit } from '../../http/pages'
import { isKept, sessionCookie } from '../../http/session-cookie'
import { currentField } from '../account/password'
import { type Field, type Problem, readFields } from '../form/fields'
import { showForm } from '../form/page'
import type { Form } from '../form/routes'
import { valuesOf } from '../form/values'
import { redirect, showPage } from '../page'
import { councilIsCalled } from '../words'
import { endedWords, nextOf } from './next'

const codeField = (hint: string): Field => ({
  name: 'code',
  label: 'Code',
  hint,
  kind: 'code',
  size: 20,
  autocomplete: 'one-time-code',
})

const codeFields = [
  codeField('The 6 digits that your authenticator app shows now, or one of your recovery codes'),
]

const showCode = (visit: Visit, problem: Problem): Promise<Response> =>
  showForm(visit, {
    title: 'Enter a code from your app',
    fields: codeFields,
    problem,
    important: endedWords(visit),
    button: 'Continue',
    view: 'sign-in/code.njk',
  })

async function saveCode(deps: Deps, visit: Visit): Promise<Response> {
  const { text } = valuesOf(readFields(codeFields, visit.form))
  const started = await enterCode(deps, visit.signedIn, text('code'))
  return redirect(nextOf(visit), sessionCookie(started, isKept(visit.request)))
}

/** The second step of signing in. */
export const codeForm = (deps: Deps): Form => ({
  path: '/sign-in/code',
  permission: 'signing-in',
  divert: (visit) => (visit.signedIn.need === 'code' ? null : redirect(nextOf(visit))),
  show: showCode,
  save: (visit) => saveCode(deps, visit),
})

/** Where a new administrator goes first. */
export const enrolmentPath = '/admin/sign-in/second-factor'

const enrolmentField = codeField('The 6-digit code in the app')

/** A stranger at an open session must not be able to keep the account; somebody signing in has just given the password. */
const asksPassword = ({ signedIn: { need } }: Visit): boolean => need === null

const enrolmentFields = (visit: Visit): Field[] =>
  asksPassword(visit) ? [enrolmentField, currentField] : [enrolmentField]

/** People who have a second factor use it first; people with a one-time password replace that first. */
const mayEnrol = ({ signedIn: { need, hasSecondFactor } }: Visit) =>
  !hasSecondFactor && (need === null || need === 'second_factor')

async function showEnrolment(deps: Deps, visit: Visit, problem: Problem): Promise<Response> {
  const { secret, uri, picture } = await startSecondFactor(visit.ctx, visit.signedIn, deps.random)
  const isRequired = visit.signedIn.need === 'second_factor'
  return showForm(visit, {
    title: 'Set up a second factor',
    fields: enrolmentFields(visit),
    problem,
    important: endedWords(visit),
    button: 'Continue',
    view: 'sign-in/enrolment.njk',
    notices: { 'set-up': `Reeve is set up. ${councilIsCalled(visit.ctx.tenant)}` },
    more: { secret, uri, picture, isRequired },
  })
}

/** Shows the recovery codes, this once. The session goes on under a new token. */
async function saveEnrolment(deps: Deps, visit: Visit): Promise<Response> {
  const { ctx, signedIn, form } = visit
  const { text } = valuesOf(readFields(enrolmentFields(visit), form))
  if (asksPassword(visit)) await assertOwnPassword(ctx, deps, signedIn.user, text('current'))
  const codes = await confirmSecondFactor(ctx, signedIn, text('code'), deps.random)
  const started = await renew(deps, signedIn, deps.clock.now())
  return showRecoveryCodes(visit, codes, sessionCookie(started, isKept(visit.request)))
}

export const enrolmentForm = (deps: Deps): Form => ({
  path: '/sign-in/second-factor',
  permission: 'signing-in',
  divert: (visit) => (mayEnrol(visit) ? null : redirect(nextOf(visit))),
  show: (visit, problem) => showEnrolment(deps, visit, problem),
  save: (visit) => saveEnrolment(deps, visit),
})

export const showRecoveryCodes = (
  visit: Visit,
  codes: readonly string[],
  cookie?: string,
): Promise<Response> =>
  showPage(
    visit,
    'sign-in/recovery-codes.njk',
    { title: 'Keep your recovery codes', codes, next: nextOf(visit) },
    cookie === undefined ? {} : { cookie },
  )
