import type { Visit } from '../../http/pages'
import { toView } from '../../resources/wards/model'
import { patchWard } from '../../resources/wards/service'
import { getBoundary, getWard } from '../../resources/wards/store'
import { changing, showChange } from '../form/change'
import { type Problem, readFields } from '../form/fields'
import { showListed } from '../form/listed'
import type { Form } from '../form/routes'
import { valuesOf } from '../form/values'
import { redirect } from '../page'
import { mayUse } from '../places'
import { backToWards, readWard, valuesIn, wardFields, wardsPath } from './fields'

type Params = { id: string }

async function showWard(visit: Visit, problem: Problem, { id }: Params): Promise<Response> {
  const { ctx } = visit
  const view = toView(await getWard(ctx, id))
  const page = { title: view.name, back: backToWards, fields: wardFields, current: valuesIn(view) }
  if (!mayUse(visit, 'wards:write')) return showListed(visit, page)
  return showChange(visit, {
    ...page,
    view: 'wards/edit.njk',
    state: view,
    problem,
    button: 'Save the ward',
    more: { id, hasBoundary: (await getBoundary(ctx, id)) !== null },
  })
}

async function saveWard(visit: Visit, { id }: Params): Promise<Response> {
  await patchWard(changing(visit), id, readWard(valuesOf(readFields(wardFields, visit.form))))
  return redirect(`${wardsPath}?done=saved`)
}

export const wardForm: Form = {
  path: '/:id',
  permission: 'wards:write',
  showPermission: 'wards:read',
  show: showWard,
  save: saveWard,
}
