import type { Deps, Tenant } from '../../core/ctx'
import type { PasswordLink } from '../../core/passwords/links.service'
import type { LinkPurpose } from '../../core/passwords/table'
import type { Mail } from '../../lib/mail'

export const passwordLinkPath = (token: string) => `/admin/password?token=${token}`

const texts: Record<LinkPurpose, (council: string) => { subject: string; about: string }> = {
  invitation: (council) => ({
    subject: `Your account for casework at ${council}`,
    about: `${council} has created an account for you in Reeve, its casework service. Choose your password here:`,
  }),
  reset: (council) => ({
    subject: `Set a new password for casework at ${council}`,
    about: `Somebody, probably you, asked for a new password for your account at ${council}. Choose it here:`,
  }),
}

function letterFor({ name, timezone }: Tenant, link: PasswordLink, origin: string): Mail {
  const { subject, about } = texts[link.purpose](name.replace(/\s+/g, ' '))
  const until = new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'full',
    timeStyle: 'short',
    timeZone: timezone,
  }).format(link.expiresAt)
  const paragraphs = [
    `Dear ${link.user.name.replace(/\s+/g, ' ')},`,
    about,
    origin + passwordLinkPath(link.token),
    `The link works once, until ${until}.`,
    'If you did not expect this e-mail, you do not need to do anything, but please tell the person who looks after casework at your council.',
  ]
  return { to: link.user.email, subject, text: `${paragraphs.join('\n\n')}\n` }
}

/** Sends the user their link; false if no mail server is set up, or it did not accept the e-mail. */
export async function mailPasswordLink(
  { mail, config, log }: Deps,
  tenant: Tenant,
  link: PasswordLink,
): Promise<boolean> {
  if (mail === null || config.publicUrl === null) return false
  try {
    await mail.send(letterFor(tenant, link, config.publicUrl))
    return true
  } catch (error) {
    // The mail server's message contains the address, so only its code is logged.
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    log.warn('an e-mail could not be sent', { tenant: tenant.slug, purpose: link.purpose, code })
    return false
  }
}
