import type { NewKey } from '../../core/api-keys/service'
import type { Ctx, Deps } from '../../core/ctx'
import type { Visit } from '../../http/pages'
import { badRequest } from '../../lib/errors'
import { baseUrl } from '../../public/place'
import { doOnce, onceOf } from '../form/once'
import { showPage } from '../page'
import { backToKeys } from './rows'

/** Makes one key for a form, even if it is sent again with other answers: its secret has been shown. */
export function makeOnce<T>(visit: Visit, make: (ctx: Ctx) => Promise<T>): Promise<T> {
  if (onceOf(visit) === null) throw badRequest('The form is incomplete: refresh the page and try again')
  return doOnce(visit, make, '')
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
