import type { Deps } from '../../core/ctx'
import { requestReset } from '../../core/passwords/request-reset.service'
import type { Entry } from '../../http/pages'
import { type Field, type Problem, readFields } from '../form/fields'
import { showEntryForm } from '../form/page'
import type { EntryForm } from '../form/routes'
import { valuesOf } from '../form/values'
import { showEntry } from '../page'
import { councilField } from './councils'
import { mailPasswordLink } from './link-mail'

const emailField: Field = { name: 'email', label: 'E-mail address', kind: 'email', autocomplete: 'username' }

async function showForgotten(deps: Deps, entry: Entry, problem: Problem): Promise<Response> {
  const { field } = await councilField(deps)
  const fields = [...field, emailField]
  return showEntryForm(entry, {
    title: 'I have forgotten my password',
    intro: deps.mail
      ? 'We will send you an e-mail with a link to choose a new one.'
      : 'Your council’s Reeve sends no e-mail. Ask one of its administrators for a link to choose a new password.',
    fields: deps.mail ? fields : [],
    values: readFields(fields, entry.form),
    problem,
    button: deps.mail ? 'Send the link' : null,
    back: { text: 'Back to signing in', href: '/admin/sign-in' },
  })
}

/** The answer is the same whether or not there is such an account. */
async function saveForgotten(deps: Deps, entry: Entry): Promise<Response> {
  const { field, councilOf } = await councilField(deps)
  const sent = valuesOf(readFields([...field, emailField], entry.form))
  const account = { council: councilOf(sent), email: sent.text('email') }
  await requestReset(deps, account, entry.caller, (tenant, link) => mailPasswordLink(deps, tenant, link))
  return showEntry(entry, 'sign-in/link-requested.njk', { title: 'Check your e-mail' })
}

export const forgottenForm = (deps: Deps): EntryForm => ({
  path: '/forgotten',
  permission: 'everybody',
  show: (entry, problem) => showForgotten(deps, entry, problem),
  save: (entry) => saveForgotten(deps, entry),
})
