import type { Deps } from '../../core/ctx'
import { createPasswordLink } from '../../core/passwords/links.service'
import type { LinkPurpose } from '../../core/passwords/table'
import { noPassword } from '../../core/users/model'
import type { Visit } from '../../http/pages'
import { inviteUser } from '../../resources/users/edit.service'
import { getUser } from '../../resources/users/store'
import { type Problem, readFields } from '../form/fields'
import { doOnce } from '../form/once'
import { showForm } from '../form/page'
import type { Form } from '../form/routes'
import { valuesOf } from '../form/values'
import { redirect, showPage } from '../page'
import { mailPasswordLink, passwordLinkPath } from '../sign-in/link-mail'
import { inviteFields, readInvite } from './fields'
import { type ById, personPath } from './person'
import { wardsToTick } from './wards'

async function showInvitation(visit: Visit, problem: Problem): Promise<Response> {
  const fields = inviteFields(await wardsToTick(visit.ctx, visit.form.getAll('wardIds')))
  return showForm(visit, {
    title: 'Invite somebody',
    intro: 'They get a link to choose their password. It works once, for 7 days.',
    fields,
    values: readFields(fields, visit.form),
    problem,
    button: 'Invite them',
    back: { text: 'People', href: '/admin/users' },
  })
}

async function saveInvitation(deps: Deps, visit: Visit): Promise<Response> {
  const sent = readFields(inviteFields(await wardsToTick(visit.ctx, [])), visit.form)
  const { id, isReplayed } = await doOnce(visit, async (ctx) => ({
    ...(await inviteUser(ctx, readInvite(valuesOf(sent)))),
    isReplayed: ctx.idempotency?.isReplayed,
  }))
  // A second link would end the first, which has been sent.
  if (isReplayed && deps.mail) return redirect(personPath(id, '?done=invited'))
  return handOver(deps, visit, id, 'invitation')
}

export const invitationForm = (deps: Deps): Form => ({
  path: '/new',
  permission: 'users:write',
  show: showInvitation,
  save: (visit) => saveInvitation(deps, visit),
})

/** Makes a new link for somebody who has lost theirs, or forgotten their password. */
export async function sendAgain(deps: Deps, visit: Visit, { id }: ById): Promise<Response> {
  const { passwordHash } = await getUser(visit.ctx, id)
  return handOver(deps, visit, id, passwordHash === noPassword ? 'invitation' : 'reset')
}

/** Sends the link by e-mail or, if that is not possible, shows it this once. */
async function handOver(deps: Deps, visit: Visit, id: string, purpose: LinkPurpose): Promise<Response> {
  const { ctx, request } = visit
  const link = await createPasswordLink(ctx, deps, id, purpose)
  if (await mailPasswordLink(deps, ctx.tenant, link)) {
    return redirect(personPath(id, `?done=${purpose === 'invitation' ? 'invited' : 'sent'}`))
  }
  return showPage(visit, 'users/link.njk', {
    title: `Give this link to ${link.user.name}`,
    back: { text: link.user.name, href: personPath(id) },
    link: (deps.config.publicUrl ?? new URL(request.url).origin) + passwordLinkPath(link.token),
    expiresAt: link.expiresAt,
    isInvitation: purpose === 'invitation',
    hasMail: deps.mail !== null,
  })
}
