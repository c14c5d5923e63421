import type { Visit } from '../../http/pages'
import { toView } from '../../resources/wards/model'
import { patchWard } from '../../resources/wards/service'
import { getBoundary, getWard } from '../../resources/wards/store'
import { saveChange, showChange } from '../form/change'
import type { Problem } from '../form/fields'
import { showListed } from '../form/listed'
import type { Form } from '../form/routes'
import { valuesOf } from '../form/values'
import { redirect } from '../page'
import { mayUse } from '../places'
import { backToWards, readWard, valuesIn, wardFields, wardsPath } from './fields'

type Params = { id: string }

async function subjectOf({ ctx }: Visit, id: string) {
  const view = toView(await getWard(ctx, id))
  return { fields: wardFields, current: valuesIn(view), state: view }
}

async function showWard(visit: Visit, problem: Problem, { id }: Params): Promise<Response> {
  const subject = await subjectOf(visit, id)
  const page = { title: subject.state.name, back: backToWards, ...subject }
  if (!mayUse(visit, 'wards:write')) return showListed(visit, page)
  return showChange(visit, {
    ...page,
    view: 'wards/edit.njk',
    problem,
    button: 'Save the ward',
    more: { id, hasBoundary: (await getBoundary(visit.ctx, id)) !== null },
  })
}

async function saveWard(visit: Visit, { id }: Params): Promise<Response> {
  await saveChange(
    visit,
    () => subjectOf(visit, id),
    (ctx, sent) => patchWard(ctx, id, readWard(valuesOf(sent))),
  )
  return redirect(`${wardsPath}?done=saved`)
}

export const wardForm: Form = {
  path: '/:id',
  permission: 'wards:write',
  showPermission: 'wards:read',
  show: showWard,
  save: saveWard,
}
