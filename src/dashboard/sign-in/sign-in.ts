import type { Deps } from '../../core/ctx'
import { signIn } from '../../core/sessions/sign-in.service'
import { isReachedPlainly } from '../../http/hosts'
import type { Entry } from '../../http/pages'
import { sessionCookie } from '../../http/session-cookie'
import { type Field, type Problem, readFields } from '../form/fields'
import { showEntryForm } from '../form/page'
import type { EntryForm } from '../form/routes'
import { valuesOf } from '../form/values'
import { redirect } from '../page'
import { councilField } from './councils'
import { endedWords, nextOf } from './next'

const credentials: Field[] = [
  { name: 'email', label: 'E-mail address', kind: 'email', autocomplete: 'username' },
  { name: 'password', label: 'Password', kind: 'password', autocomplete: 'current-password' },
  {
    name: 'keep',
    label: 'Keep me signed in on this device',
    hint: 'You stay signed in for up to 12 hours, even if you close the browser. Do not use this on a shared computer',
    kind: 'checkbox',
  },
]

async function fieldsFor(deps: Deps) {
  const { field, councilOf } = await councilField(deps)
  return { fields: [...field, ...credentials], councilOf }
}

async function showSignIn(deps: Deps, entry: Entry, problem: Problem): Promise<Response> {
  const { fields } = await fieldsFor(deps)
  const { email, council, keep } = readFields(fields, entry.form)
  return showEntryForm(entry, {
    title: 'Sign in',
    notices: { 'signed-out': 'You have signed out' },
    fields,
    values: { council: council ?? entry.query.getAll('council'), email, keep },
    problem,
    button: 'Sign in',
    view: 'sign-in/sign-in.njk',
    important: endedWords(entry),
    more: { isPlain: isReachedPlainly(deps.config) },
  })
}

async function saveSignIn(deps: Deps, entry: Entry): Promise<Response> {
  const { fields, councilOf } = await fieldsFor(deps)
  const sent = valuesOf(readFields(fields, entry.form))
  const input = { council: councilOf(sent), email: sent.text('email'), password: sent.text('password') }
  const started = await signIn(deps, input, entry.caller)
  return redirect(nextOf(entry), sessionCookie(started, sent.isTicked('keep')))
}

export const signInForm = (deps: Deps): EntryForm => ({
  path: '/sign-in',
  permission: 'everybody',
  show: (entry, problem) => showSignIn(deps, entry, problem),
  save: (entry) => saveSignIn(deps, entry),
})
