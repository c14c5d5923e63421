import type { NewKey } from '../../core/api-keys/service'
import type { Ctx, Deps } from '../../core/ctx'
import type { Visit } from '../../http/pages'
import { badRequest } from '../../lib/errors'
import { sha256 } from '../../lib/hash'
import { baseUrl } from '../../public/place'
import { showPage } from '../page'

/** What makes a form one that takes effect once, however often it is sent. */
export const newOnce = ({ ctx }: Visit): { once: string } => ({ once: ctx.newId() })

/** The `ctx` in which such a form takes effect; the form is known by its word and not by what it holds. */
export function ctxOnce({ ctx, form, request }: Visit): Ctx {
  const once = form.get('once') ?? ''
  if (!/^[a-z0-9]{20,40}$/.test(once)) throw badRequest('The form is incomplete: load the page anew')
  const { pathname } = new URL(request.url)
  return { ...ctx, idempotency: { key: `form ${once}`, fingerprint: sha256(pathname), isReplayed: false } }
}

/** Shows a new key, this once; where its form was sent again, says that it was shown. */
export function showNewKey(
  deps: Deps,
  visit: Visit,
  { plain, key }: NewKey,
  more: { until: Date | null },
): Promise<Response> {
  const back = { text: 'Back to API keys', href: '/admin/keys' }
  if (plain === '') {
    return showPage(visit, 'keys/shown-before.njk', { title: 'This key was made before', back, id: key.id })
  }
  const address = `${baseUrl(deps.config, visit.request)}/api/me`
  return showPage(visit, 'keys/shown.njk', {
    title: 'Your new API key',
    back,
    id: key.id,
    name: key.name,
    plain,
    curl: `curl -H "Authorization: Bearer ${plain}" ${address}`,
    ...more,
  })
}
