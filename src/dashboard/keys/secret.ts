import type { NewKey } from '../../core/api-keys/service'
import type { Ctx, Deps } from '../../core/ctx'
import type { Visit } from '../../http/pages'
import { badRequest } from '../../lib/errors'
import { baseUrl } from '../../public/place'
import { onceCtx } from '../form/once'
import { showPage } from '../page'
import { backToKeys } from './rows'

/** The `ctx` in which a key is made once, whatever its form says the next time: its secret was shown. */
export function ctxOnce(visit: Visit): Ctx {
  const once = onceCtx(visit, '')
  if (once === null) throw badRequest('The form is incomplete: refresh the page and try again')
  return once
}

/** Shows the secret of a new key, this once; if its form was sent again, says that it was shown. */
export function showSecret(
  deps: Deps,
  visit: Visit,
  { plain, key }: NewKey,
  more: { until: Date | null },
): Promise<Response> {
  if (plain === '') {
    const title = 'This key has already been created'
    return showPage(visit, 'keys/shown-before.njk', { title, back: backToKeys, id: key.id })
  }
  const address = `${baseUrl(deps.config, visit.request)}/api/me`
  return showPage(visit, 'keys/secret.njk', {
    title: 'Your new API key',
    back: backToKeys,
    id: key.id,
    name: key.name,
    plain,
    curl: `curl -H "Authorization: Bearer ${plain}" ${address}`,
    ...more,
  })
}
