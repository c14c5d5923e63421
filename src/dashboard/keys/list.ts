import { getKey, listKeys } from '../../core/api-keys/store'
import { usageOf } from '../../core/api-keys/usage.store'
import { listUsers } from '../../core/users/store'
import type { Visit } from '../../http/pages'
import { showPage } from '../page'
import { toAdministration } from '../places'
import { type ById, backToKeys, isEnded, type Known, keyRow, keysPath } from './rows'
import { hasApi } from './scopes'

const pageSize = 50

const notices = { revoked: 'The key was revoked. Its next request is refused.' }

async function knownOf({ ctx }: Visit): Promise<Known> {
  const users = new Map((await listUsers(ctx)).map((user) => [user.id, user]))
  return { now: ctx.clock.now(), plan: ctx.tenant.plan, users, usage: await usageOf(ctx) }
}

const addressOf = (state: string, page: number) => `${keysPath}?state=${state}&page=${page}`

export async function showKeys(visit: Visit): Promise<Response> {
  const state = visit.query.get('state') === 'ended' ? 'ended' : 'current'
  const known = await knownOf(visit)
  const keys = await listKeys(visit.ctx)
  const ended = keys.filter((key) => isEnded(key, known.now))
  const wanted = state === 'ended' ? ended : keys.filter((key) => !isEnded(key, known.now))
  const pages = Math.max(1, Math.ceil(wanted.length / pageSize))
  const page = Math.min(pages, Math.max(1, Math.trunc(Number(visit.query.get('page'))) || 1))
  const label = (number: number) => `${number} of ${pages}`
  return showPage(visit, 'keys/list.njk', {
    title: 'API keys',
    back: toAdministration(visit),
    notices,
    isOffered: hasApi(known.plan),
    plan: known.plan,
    states: [
      { text: `In use (${keys.length - ended.length})`, href: keysPath, active: state === 'current' },
      { text: `Ended (${ended.length})`, href: `${keysPath}?state=ended`, active: state === 'ended' },
    ],
    caption: state === 'ended' ? 'Keys that were revoked or have expired' : 'Keys that can be used',
    isEndedShown: state === 'ended',
    keys: wanted.slice((page - 1) * pageSize, page * pageSize).map((key) => keyRow(key, known)),
    previous: page > 1 ? { href: addressOf(state, page - 1), labelText: label(page - 1) } : null,
    next: page < pages ? { href: addressOf(state, page + 1), labelText: label(page + 1) } : null,
  })
}

export async function showKey(visit: Visit, { id }: ById): Promise<Response> {
  const row = await getKey(visit.ctx, id)
  const key = keyRow(row, await knownOf(visit))
  return showPage(visit, 'keys/key.njk', {
    title: key.name,
    back: backToKeys,
    key,
    plan: visit.ctx.tenant.plan,
  })
}
