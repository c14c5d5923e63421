import { Elysia } from 'elysia'
import type { Deps } from '../../core/ctx'
import { type Entry, pages } from '../../http/pages'
import { version } from '../../lib/version'
import { showUsers, today } from '../../resources/users/service'
import { listUsers } from '../../resources/users/store'
import { showOpen } from '../page'

const shownAdmins = 20

/** Nobody until the sign-in is complete: contact details are not for everybody. */
async function administrators({ signedIn }: Entry) {
  if (signedIn === null || signedIn.need !== null) return []
  const { ctx } = signedIn
  const slice = { kind: 'page', page: 1, pageSize: shownAdmins, offset: 0 } as const
  const { rows } = await listUsers(ctx, { role: 'admin', active: true }, today(ctx), slice)
  return (await showUsers(ctx, rows)).map(({ name, email, profile }) => ({
    name,
    email,
    phone: profile.phone,
  }))
}

/** Pages for everybody: whom to ask, and how accessible the dashboard is. */
export const helpRoutes = (deps: Deps) =>
  new Elysia({ prefix: '/admin' })
    .use(pages(deps))
    .get(
      '/help',
      async ({ entry }) =>
        showOpen(entry, 'help/page.njk', {
          title: 'Help',
          administrators: await administrators(entry),
          sendsMail: deps.mail !== null,
        }),
      { entry: true },
    )
    .get(
      '/accessibility',
      async ({ entry }) =>
        showOpen(entry, 'help/accessibility.njk', {
          title: 'Accessibility statement',
          version,
          administrators: await administrators(entry),
        }),
      { entry: true },
    )
