import type { Deps } from '../../core/ctx'
import { mayBeSetUp, setUp, setUpToken } from '../../core/set-up.service'
import type { Entry } from '../../http/pages'
import { sessionCookie } from '../../http/session-cookie'
import { nations } from '../../lib/bank-holidays'
import { spend } from '../../lib/limits'
import { type Field, type Problem, readFields } from '../form/fields'
import { showEntryForm } from '../form/page'
import type { EntryForm } from '../form/routes'
import { noProblem } from '../form/submit'
import { valuesOf } from '../form/values'
import { redirect, showEntry } from '../page'
import { nationNames } from '../words'
import { enrolmentPath } from './second-factor'

const fields: Field[] = [
  {
    name: 'council',
    label: 'Name of the council',
    missing: 'Enter the name of the council',
    hint: 'As residents know it, such as Avon Council',
    kind: 'text',
    autocomplete: 'organization',
    group: 'Your council',
  },
  {
    name: 'slug',
    label: 'Short name',
    hint: 'For web addresses and commands, such as avon: lower-case letters, digits and hyphens. It cannot be changed later. Leave it empty to have it made from the name: Avon Council becomes avon',
    missing: 'Enter a short name: none can be made from the name',
    kind: 'text',
    isOptional: true,
  },
  {
    name: 'nation',
    label: 'Nation',
    hint: 'Its bank holidays are not working days',
    kind: 'radios',
    options: nations.map((nation) => ({ value: nation, text: nationNames[nation] })),
  },
  {
    name: 'name',
    label: 'Your full name',
    kind: 'text',
    autocomplete: 'name',
    group: 'You, the first administrator',
  },
  { name: 'email', label: 'Your e-mail address', kind: 'email', autocomplete: 'email' },
  {
    name: 'password',
    label: 'Password',
    hint: 'At least 12 characters. Three random words are a good choice',
    kind: 'password',
    autocomplete: 'new-password',
  },
]

/** The page that sets up the first council; null once there is one. */
export async function setUpPath(deps: Deps): Promise<string | null> {
  const token = await setUpToken(deps)
  return token === null ? null : `/admin/set-up?token=${token}`
}

/** Attempts in a quarter of an hour from one address. */
const attempts = 20

/** Null while the link works. Links fail mostly because they have been used. */
async function closedPage(deps: Deps, entry: Entry): Promise<Response | null> {
  await spend(deps.limits.signIns, `set-up ${entry.caller.address}`, attempts, deps.clock.monotonic())
  if (await mayBeSetUp(deps, entry.query.get('token') ?? '')) return null
  const data = {
    title: 'This set-up link no longer works',
    sentences: [
      'It works once. If it has been used, Reeve is set up: go to the home page and sign in, or ask the administrator who used it to invite you.',
      'If nobody has used it, ask whoever runs the server for the link that Reeve printed when it last started.',
    ],
  }
  return showEntry(entry, 'layout/fault.njk', data, { status: 404 })
}

const showSetUp = (entry: Entry, problem: Problem): Promise<Response> =>
  showEntryForm(entry, {
    title: 'Set up Reeve',
    fields,
    values: problem === noProblem ? { nation: 'england_wales' } : readFields(fields, entry.form),
    problem,
    button: 'Set up',
  })

async function saveSetUp(deps: Deps, { form, caller }: Entry): Promise<Response> {
  const { text, given } = valuesOf(readFields(fields, form))
  const input = {
    council: text('council'),
    slug: given('slug'),
    nation: text('nation'),
    name: text('name'),
    email: text('email'),
    password: text('password'),
  }
  const started = await setUp(deps, input, caller)
  return redirect(`${enrolmentPath}?done=set-up`, sessionCookie(started, false))
}

/** The first run: the link in the server’s log lets somebody create the council and its first administrator. */
export const setUpForm = (deps: Deps): EntryForm => ({
  path: '/set-up',
  permission: 'everybody',
  divert: (entry) => closedPage(deps, entry),
  show: showSetUp,
  save: (entry) => saveSetUp(deps, entry),
})
