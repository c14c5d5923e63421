import { Elysia } from 'elysia'
import type { Deps } from '../../core/ctx'
import { keepCookie } from '../../core/sessions/service'
import { mayBeSetUp, setUp } from '../../core/set-up.service'
import { type Entry, pages } from '../../http/pages'
import { nations } from '../../lib/bank-holidays'
import { notFound } from '../../lib/errors'
import { spend } from '../../lib/limits'
import { type Field, type Problem, readFields } from '../form/fields'
import { showEntryForm } from '../form/page'
import { noProblem, submit } from '../form/submit'
import { redirect } from '../page'
import { nationNames } from '../words'

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
    name: 'nation',
    label: 'Nation',
    hint: 'Whose bank holidays are no working days',
    kind: 'radios',
    options: nations.map((nation) => ({ value: nation, text: nationNames[nation] })),
  },
  {
    name: 'name',
    label: 'Your full name',
    kind: 'text',
    autocomplete: 'name',
    group: 'You, its first administrator',
  },
  { name: 'email', label: 'Your e-mail address', kind: 'email', autocomplete: 'email' },
  {
    name: 'password',
    label: 'Password',
    hint: 'At least 12 characters. Three words that you choose at random are good',
    kind: 'password',
    autocomplete: 'new-password',
  },
]

/** Attempts a quarter of an hour from one address. */
const attempts = 20

/** The first run: whoever has the link from the server's log makes the council and its first administrator. */
export const setUpRoutes = (deps: Deps) => {
  const assertOpen = async ({ query, caller }: Entry) => {
    await spend(deps.limits.signIns, `set-up ${caller.address}`, attempts, deps.clock.monotonic())
    if (!(await mayBeSetUp(deps, query.get('token') ?? ''))) throw notFound('Page')
  }
  const show = (entry: Entry, problem: Problem = noProblem) => {
    const isNew = problem === noProblem
    return showEntryForm(entry, {
      title: 'Set up Reeve',
      fields,
      values: isNew ? { nation: 'england_wales' } : readFields(fields, entry.form),
      problem,
      button: 'Set up',
    })
  }
  return new Elysia({ prefix: '/admin/set-up' })
    .use(pages(deps))
    .get(
      '',
      async ({ entry }) => {
        await assertOpen(entry)
        return show(entry)
      },
      { entry: true },
    )
    .post(
      '',
      async ({ entry }) => {
        await assertOpen(entry)
        return submit(
          async () => {
            const sent = readFields(fields, entry.form)
            const text = (name: string) => sent[name]?.[0] ?? ''
            const input = {
              council: text('council'),
              nation: text('nation'),
              name: text('name'),
              email: text('email'),
              password: text('password'),
            }
            return redirect('/admin', keepCookie(await setUp(deps, input, entry.caller)))
          },
          (problem) => show(entry, problem),
        )
      },
      { entry: true },
    )
}
