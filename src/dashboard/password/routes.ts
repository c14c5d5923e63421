import { Elysia } from 'elysia'
import type { Deps } from '../../core/ctx'
import { findPasswordLink, usePasswordLink } from '../../core/sessions/links.service'
import { choosePassword } from '../../core/sessions/password.service'
import { askForLink } from '../../core/sessions/request-reset.service'
import { keepCookie, renew, startFor } from '../../core/sessions/service'
import { type Entry, pages, type Visit } from '../../http/pages'
import { councilField } from '../councils'
import { type Field, type Problem, readFields } from '../form/fields'
import { showEntryForm, showForm } from '../form/page'
import { noProblem, submit } from '../form/submit'
import { redirect, showEntry } from '../page'

/** The field in which somebody chooses their password. */
export const newPassword: Field = {
  name: 'password',
  label: 'New password',
  hint: 'At least 12 characters. Three words that you choose at random are good',
  kind: 'password',
  autocomplete: 'new-password',
}

const emailField: Field = { name: 'email', label: 'E-mail address', kind: 'email', autocomplete: 'username' }

const showGone = (entry: Entry) =>
  showEntry(
    entry,
    'layout/fault.njk',
    {
      title: 'This link is good no more',
      sentences: [
        'It was used before, replaced by a newer one, or is too old.',
        'Ask for a new one on the sign-in page, or ask an administrator of your council.',
      ],
    },
    { status: 404 },
  )

/** How somebody comes to a password: by a link, in place of a one-time password, or because they have forgotten theirs. */
export const passwordRoutes = (deps: Deps) => {
  const showLink = async (entry: Entry, problem: Problem = noProblem) => {
    const found = await findPasswordLink(deps, entry.query.get('token') ?? '')
    if (!found) return showGone(entry)
    return showEntryForm(entry, {
      title:
        found.purpose === 'invitation'
          ? `Choose your password for ${found.tenant.name}`
          : 'Choose a new password',
      intro: `For the account of ${found.user.name}.`,
      fields: [newPassword],
      problem,
      button: 'Save and sign in',
    })
  }
  const useLink = (entry: Entry) =>
    submit(
      async () => {
        const { password } = readFields([newPassword], entry.form)
        const token = entry.query.get('token') ?? ''
        const { tenant, user } = await usePasswordLink(deps, token, password?.[0] ?? '', entry.caller)
        return redirect('/admin', keepCookie(await startFor(deps, tenant, user, entry.caller)))
      },
      (problem) => showLink(entry, problem),
    )
  const showForgotten = async (entry: Entry, problem: Problem = noProblem) => {
    const { field } = await councilField(deps)
    const fields = [...field, emailField]
    return showEntryForm(entry, {
      title: 'I have forgotten my password',
      intro: deps.mail
        ? 'We send you an e-mail with a link by which you choose a new one.'
        : 'Your council’s Reeve sends no e-mail. Ask one of its administrators for a link by which you choose a new password.',
      fields: deps.mail ? fields : [],
      values: readFields(fields, entry.form),
      problem,
      button: deps.mail ? 'Send the link' : null,
      back: { text: 'Back to signing in', href: '/admin/sign-in' },
    })
  }
  const askForgotten = (entry: Entry) =>
    submit(
      async () => {
        const { field, only } = await councilField(deps)
        const sent = readFields([...field, emailField], entry.form)
        const council = only ?? sent.council?.[0] ?? ''
        await askForLink(deps, { council, email: sent.email?.[0] ?? '' }, entry.caller)
        return showEntry(entry, 'password/asked.njk', { title: 'Check your e-mail' })
      },
      (problem) => showForgotten(entry, problem),
    )
  return new Elysia({ prefix: '/admin' })
    .use(pages(deps))
    .get('/password', ({ entry }) => showLink(entry), { entry: true })
    .post('/password', ({ entry }) => useLink(entry), { entry: true })
    .get('/forgotten', ({ entry }) => showForgotten(entry), { entry: true })
    .post('/forgotten', ({ entry }) => askForgotten(entry), { entry: true })
    .get('/sign-in/password', ({ visit }) => showReplacement(visit), { page: 'signing-in' })
    .post('/sign-in/password', ({ visit }) => replacePassword(deps, visit), { page: 'signing-in' })
}

/** Asks who came in by a one-time password for one of their own. */
async function showReplacement(visit: Visit, problem: Problem = noProblem): Promise<Response> {
  if (visit.signedIn.need !== 'password') return redirect('/admin')
  return showForm(visit, {
    title: 'Choose a password of your own',
    intro: 'The one that you signed in with was made for you, and is good for this alone.',
    fields: [newPassword],
    problem,
    button: 'Save',
  })
}

function replacePassword(deps: Deps, visit: Visit): Promise<Response> {
  const { ctx, signedIn } = visit
  if (signedIn.need !== 'password') return Promise.resolve(redirect('/admin'))
  return submit(
    async () => {
      const { password } = readFields([newPassword], visit.form)
      const chosen = { password: password?.[0] ?? '', sessionId: signedIn.sessionId }
      await choosePassword(ctx, signedIn.user, chosen)
      return redirect('/admin', keepCookie(await renew(deps, signedIn, signedIn.secondFactorAt)))
    },
    (problem) => showReplacement(visit, problem),
  )
}
