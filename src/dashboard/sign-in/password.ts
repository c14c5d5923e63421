import type { Deps } from '../../core/ctx'
import { choosePassword } from '../../core/passwords/change.service'
import { findPasswordLink, usePasswordLink } from '../../core/passwords/links.service'
import { renew, startFor } from '../../core/sessions/service'
import type { Entry, Visit } from '../../http/pages'
import { isKept, sessionCookie } from '../../http/session-cookie'
import { type Field, type Problem, readFields } from '../form/fields'
import { showEntryForm, showForm } from '../form/page'
import type { EntryForm, Form } from '../form/routes'
import { valuesOf } from '../form/values'
import { redirect, showEntry } from '../page'
import { endedWords, nextOf } from './next'

export const newPasswordField: Field = {
  name: 'password',
  label: 'New password',
  hint: 'At least 12 characters. Three random words are a good choice',
  kind: 'password',
  autocomplete: 'new-password',
}

const fields = [newPasswordField]

const passwordIn = ({ form }: Entry): string => valuesOf(readFields(fields, form)).text('password')

const tokenIn = ({ query }: Entry): string => query.get('token') ?? ''

function showExpiredLink(entry: Entry): Promise<Response> {
  const data = {
    title: 'This link no longer works',
    sentences: [
      'It has been used, replaced by a newer one, or has expired.',
      'Ask for a new one on the sign-in page, or ask an administrator of your council.',
    ],
  }
  return showEntry(entry, 'layout/fault.njk', data, { status: 404 })
}

async function showLink(deps: Deps, entry: Entry, problem: Problem): Promise<Response> {
  const found = await findPasswordLink(deps, tokenIn(entry))
  if (!found) return showExpiredLink(entry)
  const { purpose, tenant, user } = found
  return showEntryForm(entry, {
    title: purpose === 'invitation' ? `Choose your password for ${tenant.name}` : 'Choose a new password',
    intro: `For the account of ${user.name}.`,
    fields,
    problem,
    button: 'Save and sign in',
  })
}

async function saveLink(deps: Deps, entry: Entry): Promise<Response> {
  const { tenant, user } = await usePasswordLink(deps, tokenIn(entry), passwordIn(entry), entry.caller)
  return redirect('/admin', sessionCookie(await startFor(deps, tenant, user, entry.caller), false))
}

/** Chooses a password by a link from an invitation or a reset. */
export const linkForm = (deps: Deps): EntryForm => ({
  path: '/password',
  permission: 'everybody',
  show: (entry, problem) => showLink(deps, entry, problem),
  save: (entry) => saveLink(deps, entry),
})

const showReplacement = (visit: Visit, problem: Problem): Promise<Response> =>
  showForm(visit, {
    title: 'Choose a password of your own',
    intro: 'The password that you signed in with was made for you, and works only once.',
    fields,
    problem,
    important: endedWords(visit),
    button: 'Save',
  })

async function saveReplacement(deps: Deps, visit: Visit): Promise<Response> {
  const { ctx, signedIn } = visit
  await choosePassword(ctx, signedIn.user, { password: passwordIn(visit), sessionId: signedIn.sessionId })
  const started = await renew(deps, signedIn, signedIn.secondFactorAt)
  return redirect(nextOf(visit), sessionCookie(started, isKept(visit.request)))
}

/** Replaces a one-time password. */
export const replacementForm = (deps: Deps): Form => ({
  path: '/sign-in/password',
  permission: 'signing-in',
  divert: (visit) => (visit.signedIn.need === 'password' ? null : redirect(nextOf(visit))),
  show: showReplacement,
  save: (visit) => saveReplacement(deps, visit),
})
