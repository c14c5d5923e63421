import { keyState, stateWords } from '../../core/api-keys/model'
import { revokeKey, rotateKey } from '../../core/api-keys/service'
import { getKey } from '../../core/api-keys/store'
import type { ApiKeyRow } from '../../core/api-keys/table'
import type { Deps } from '../../core/ctx'
import type { Visit } from '../../http/pages'
import { invalid } from '../../lib/errors'
import { type Field, type Problem, readFields } from '../form/fields'
import { showForm } from '../form/page'
import { noProblem, submit } from '../form/submit'
import { redirect } from '../page'
import { ctxOnce, newOnce, showNewKey } from './once'

const missing = 'Choose how long the old key still works'

const overlaps = {
  name: 'overlapMs',
  label: 'How long the old key still works',
  kind: 'radios',
  options: [
    { value: '0', text: 'It ends at once', hint: 'If a stranger may have it' },
    { value: '3600000', text: '1 hour' },
    { value: '86400000', text: '24 hours' },
    { value: '604800000', text: '7 days' },
  ],
  missing,
} satisfies Field

const backTo = ({ id, name }: ApiKeyRow) => ({ text: `Back to ${name}`, href: `/admin/keys/${id}` })

const shownAs = ({ prefix, lastFour }: ApiKeyRow) => `${prefix}…${lastFour}`

/** Asks how long a key still works that is to be replaced. */
export async function showRotation(
  visit: Visit,
  id: string,
  problem: Problem = noProblem,
): Promise<Response> {
  const key = await getKey(visit.ctx, id)
  const state = keyState(key, visit.ctx.clock.now())
  const sent = readFields([overlaps], visit.form)
  return showForm(visit, {
    title: `Replace the key ${key.name}`,
    intro:
      state === 'active'
        ? `You get a new key with the same name, addresses and expiry, and the scopes that the plan has. The old one is ${shownAs(key)}.`
        : `The key ${shownAs(key)} ${stateWords[state]}: it cannot be replaced.`,
    fields: [overlaps],
    values: problem === noProblem ? { overlapMs: '86400000' } : sent,
    problem,
    button: state === 'active' ? 'Make the new key' : null,
    back: backTo(key),
    view: 'keys/rotate.njk',
    more: newOnce(visit),
  })
}

/** Makes the new key and shows it, this once. */
export const takeRotation = (deps: Deps, visit: Visit, id: string): Promise<Response> =>
  submit(
    async () => {
      const ctx = ctxOnce(visit)
      const chosen = readFields([overlaps], visit.form).overlapMs?.[0] ?? ''
      if (!overlaps.options.some(({ value }) => value === chosen)) {
        throw invalid([{ in: 'body', path: 'overlapMs', message: missing }])
      }
      const { replaced, ...made } = await rotateKey(ctx, deps, id, { overlapMs: Number(chosen) })
      return showNewKey(deps, visit, made, { until: replaced.expiresAt })
    },
    (problem) => showRotation(visit, id, problem),
  )

/** Asks whether a key is really to end. */
export async function showRevocation(visit: Visit, id: string): Promise<Response> {
  const key = await getKey(visit.ctx, id)
  return showForm(visit, {
    title: `Revoke the key ${key.name}?`,
    intro: key.revokedAt
      ? `The key ${shownAs(key)} was revoked.`
      : `Whatever uses ${shownAs(key)} is refused from its next request on. This cannot be undone.`,
    fields: [],
    button: key.revokedAt ? null : 'Revoke the key',
    isWarning: true,
    back: backTo(key),
  })
}

export async function takeRevocation({ ctx }: Visit, id: string): Promise<Response> {
  await revokeKey(ctx, id)
  return redirect('/admin/keys?done=revoked')
}
