import type { Deps } from '../../core/ctx'
import { mayBeSetUp, setUp, setUpToken } from '../../core/set-up.service'
import type { Entry } from '../../http/pages'
import { sessionCookie } from '../../http/session-cookie'
import { nations } from '../../lib/bank-holidays'
import { notFound } from '../../lib/errors'
import { spend } from '../../lib/limits'
import { type Field, type Problem, readFields } from '../form/fields'
import { showEntryForm } from '../form/page'
import type { EntryForm } from '../form/routes'
import { noProblem } from '../form/submit'
import { valuesOf } from '../form/values'
import { redirect } from '../page'
import { nationNames } from '../words'
import { enrolmentPath } from './second-factor'

const fields: Field[] = [
  {
    name: 'council',
    label: 'Name of the council',
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

async function assertOpen(deps: Deps, { query, caller }: Entry): Promise<void> {
  await spend(deps.limits.signIns, `set-up ${caller.address}`, attempts, deps.clock.monotonic())
  if (!(await mayBeSetUp(deps, query.get('token') ?? ''))) throw notFound('Page')
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

/** The first run: whoever has the link from the server’s log creates the council and its first administrator. */
export const setUpForm = (deps: Deps): EntryForm => ({
  path: '/set-up',
  permission: 'everybody',
  async divert(entry) {
    await assertOpen(deps, entry)
    return null
  },
  show: showSetUp,
  save: (entry) => saveSetUp(deps, entry),
})
