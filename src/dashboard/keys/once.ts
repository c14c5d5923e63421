import type { NewKey } from '../../core/api-keys/service'
import type { Ctx, Deps } from '../../core/ctx'
import type { Visit } from '../../http/pages'
import { badRequest } from '../../lib/errors'
import { baseUrl } from '../../public/place'
import { onceCtx } from '../form/once'
import { showPage } from '../page'

/** What makes a form one that takes effect once, however often it is sent. */
export const newOnce = ({ ctx }: Visit): { once: string } => ({ once: ctx.newId() })

/** The `ctx` in which such a form takes effect: whatever it holds the next time, its secret was shown. */
export function ctxOnce(visit: Visit): Ctx {
  const once = onceCtx(visit, '')
  if (once === null) throw badRequest('The form is incomplete: load the page anew')
  return once
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
