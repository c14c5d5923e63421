import type { Mail } from '../../lib/mail'
import type { Deps, Tenant } from '../ctx'
import type { LinkPurpose } from './table'

type Link = { path: string; expiresAt: Date; purpose: LinkPurpose; user: { name: string; email: string } }

const texts: Record<LinkPurpose, (council: string) => { subject: string; about: string }> = {
  invitation: (council) => ({
    subject: `Your account for casework at ${council}`,
    about: `${council} has made an account for you in Reeve, where it keeps its casework. Choose your password here:`,
  }),
  reset: (council) => ({
    subject: `Set a new password for casework at ${council}`,
    about: `Somebody, most likely you, asked for a new password for your account at ${council}. Choose it here:`,
  }),
}

function letterFor({ name, timezone }: Tenant, link: Link, origin: string): Mail {
  const { subject, about } = texts[link.purpose](name.replace(/\s+/g, ' '))
  const until = new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'full',
    timeStyle: 'short',
    timeZone: timezone,
  }).format(link.expiresAt)
  const paragraphs = [
    `Dear ${link.user.name.replace(/\s+/g, ' ')},`,
    about,
    origin + link.path,
    `The link works once, until ${until}.`,
    'If you did not expect this letter, you need do nothing; tell whoever looks after casework at your council.',
  ]
  return { to: link.user.email, subject, text: `${paragraphs.join('\n\n')}\n` }
}

/** Sends the user their link; false where no mail server is set up, or where it did not take the letter. */
export async function mailPasswordLink(
  { mail, config, log }: Deps,
  tenant: Tenant,
  link: Link,
): Promise<boolean> {
  if (mail === null || config.publicUrl === null) return false
  try {
    await mail.send(letterFor(tenant, link, config.publicUrl))
    return true
  } catch (error) {
    // What the mail server said names the address.
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    log.warn('a letter could not be sent', { tenant: tenant.slug, purpose: link.purpose, code })
    return false
  }
}
