import { revokeKey } from '../../core/api-keys/service'
import { getKey } from '../../core/api-keys/store'
import type { Visit } from '../../http/pages'
import type { Problem } from '../form/fields'
import { showForm } from '../form/page'
import type { Form } from '../form/routes'
import { redirect } from '../page'
import { type ById, backToKey, keysPath, maskedKey } from './rows'

async function showRevocation(visit: Visit, problem: Problem, { id }: ById): Promise<Response> {
  const key = await getKey(visit.ctx, id)
  return showForm(visit, {
    title: `Revoke the key ${key.name}?`,
    intro: key.revokedAt
      ? `The key ${maskedKey(key)} was revoked.`
      : `Whatever uses ${maskedKey(key)} will be refused from its next request. You cannot undo this.`,
    fields: [],
    problem,
    button: key.revokedAt ? null : 'Revoke the key',
    isWarning: true,
    back: backToKey(key),
  })
}

async function saveRevocation({ ctx }: Visit, { id }: ById): Promise<Response> {
  await revokeKey(ctx, id)
  return redirect(`${keysPath}?done=revoked`)
}

export const revocationForm: Form = {
  path: '/:id/revoke',
  permission: 'keys:manage',
  show: showRevocation,
  save: saveRevocation,
}
