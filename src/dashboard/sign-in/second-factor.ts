import type { Deps } from '../../core/ctx'
import { confirmSecondFactor, startSecondFactor } from '../../core/sessions/second-factor.service'
import { keepCookie, renew, showSecondFactor } from '../../core/sessions/service'
import type { Visit } from '../../http/pages'
import { type Field, type Problem, readFields } from '../form/fields'
import { showForm } from '../form/page'
import { noProblem, submit } from '../form/submit'
import { ownPath, redirect, showPage } from '../page'

const field = (hint: string): Field => ({
  name: 'code',
  label: 'Code',
  hint,
  kind: 'code',
  size: 20,
  autocomplete: 'one-time-code',
})

const askedFields = [
  field('The 6 digits that your authenticator app shows now, or one of your recovery codes'),
]

/** Asks who gave their password for the code of their app. */
export const askForCode = (visit: Visit, problem: Problem = noProblem): Promise<Response> =>
  showForm(visit, {
    title: 'Enter a code from your app',
    fields: askedFields,
    problem,
    button: 'Continue',
    view: 'sign-in/code.njk',
  })

/** Takes the code; then they are in. */
export const takeCode = (deps: Deps, visit: Visit): Promise<Response> =>
  submit(
    async () => {
      const { code } = readFields(askedFields, visit.form)
      const started = await showSecondFactor(deps, visit.signedIn, code?.[0] ?? '')
      return redirect(ownPath(visit.query.get('next'), '/admin'), keepCookie(started))
    },
    (problem) => askForCode(visit, problem),
  )

const enrolFields = [field('The 6 digits that the app shows once it knows Reeve')]

/** Shows what an authenticator app needs to know, and asks for its first code. */
export async function showEnrolment(
  deps: Deps,
  visit: Visit,
  problem: Problem = noProblem,
): Promise<Response> {
  const { secret, uri, picture } = await startSecondFactor(visit.ctx, visit.signedIn.user, deps.random)
  const isRequired = visit.signedIn.need === 'second_factor'
  return showForm(visit, {
    title: 'Set up a second factor',
    fields: enrolFields,
    problem,
    button: 'Continue',
    view: 'sign-in/enrolment.njk',
    more: { secret, uri, picture, isRequired },
  })
}

/** Takes the first code; shows the recovery codes, this once. The session goes on under a new token. */
export const takeFirstCode = (deps: Deps, visit: Visit): Promise<Response> =>
  submit(
    async () => {
      const { code } = readFields(enrolFields, visit.form)
      const { ctx, signedIn } = visit
      const codes = await confirmSecondFactor(ctx, signedIn.user.id, code?.[0] ?? '', deps.random)
      const started = await renew(deps, signedIn, deps.clock.now())
      return showRecoveryCodes(visit, codes, keepCookie(started))
    },
    (problem) => showEnrolment(deps, visit, problem),
  )

/** The page that shows recovery codes once. */
export const showRecoveryCodes = (
  visit: Visit,
  codes: readonly string[],
  cookie?: string,
): Promise<Response> =>
  showPage(
    visit,
    'sign-in/recovery-codes.njk',
    { title: 'Keep your recovery codes', codes },
    cookie === undefined ? {} : { cookie },
  )
