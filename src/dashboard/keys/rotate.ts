import { keyState, stateWords } from '../../core/api-keys/model'
import { rotateKey } from '../../core/api-keys/service'
import { getKey } from '../../core/api-keys/store'
import type { Deps } from '../../core/ctx'
import type { Visit } from '../../http/pages'
import { invalid } from '../../lib/errors'
import { type Field, type Problem, readFields } from '../form/fields'
import { showForm } from '../form/page'
import type { Form } from '../form/routes'
import { noProblem } from '../form/submit'
import { type ById, backToKey, maskedKey } from './rows'
import { makeOnce, showSecret } from './secret'

const missing = 'Choose how long the old key still works'

const overlaps = {
  name: 'overlapMs',
  label: 'How long the old key still works',
  kind: 'radios',
  options: [
    { value: '0', text: 'It ends at once', hint: 'If somebody else may have it' },
    { value: '3600000', text: '1 hour' },
    { value: '86400000', text: '24 hours' },
    { value: '604800000', text: '7 days' },
  ],
  missing,
} satisfies Field

async function showRotation(visit: Visit, problem: Problem, { id }: ById): Promise<Response> {
  const key = await getKey(visit.ctx, id)
  const state = keyState(key, visit.ctx.clock.now())
  return showForm(visit, {
    title: `Replace the key ${key.name}`,
    intro:
      state === 'active'
        ? `You get a new key with the same name, addresses and expiry, and the scopes that the plan includes. The old one is ${maskedKey(key)}.`
        : `The key ${maskedKey(key)} ${stateWords[state]}: it cannot be replaced.`,
    fields: [overlaps],
    values: problem === noProblem ? { overlapMs: '86400000' } : readFields([overlaps], visit.form),
    problem,
    button: state === 'active' ? 'Create the new key' : null,
    back: backToKey(key),
  })
}

async function saveRotation(deps: Deps, visit: Visit, { id }: ById): Promise<Response> {
  const chosen = readFields([overlaps], visit.form).overlapMs?.[0] ?? ''
  if (!overlaps.options.some(({ value }) => value === chosen)) {
    throw invalid([{ in: 'body', path: 'overlapMs', code: 'rule', message: missing }])
  }
  const { replaced, ...made } = await makeOnce(visit, (ctx) =>
    rotateKey(ctx, deps, id, { overlapMs: Number(chosen) }),
  )
  return showSecret(deps, visit, made, { until: replaced.expiresAt })
}

export const rotationForm = (deps: Deps): Form => ({
  path: '/:id/rotate',
  permission: 'keys:manage',
  show: showRotation,
  save: (visit: Visit, params: ById) => saveRotation(deps, visit, params),
})
