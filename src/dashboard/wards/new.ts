import type { Visit } from '../../http/pages'
import { createWard } from '../../resources/wards/service'
import { type Problem, readFields } from '../form/fields'
import { doOnce } from '../form/once'
import { showForm } from '../form/page'
import type { Form } from '../form/routes'
import { noProblem } from '../form/submit'
import { valuesOf } from '../form/values'
import { redirect } from '../page'
import { backToWards, newWardFields, readWard, wardsPath } from './fields'

const showNewWard = (visit: Visit, problem: Problem): Promise<Response> =>
  showForm(visit, {
    title: 'Add a ward',
    fields: newWardFields,
    values: problem === noProblem ? { tier: 'ward', enabled: 'true' } : readFields(newWardFields, visit.form),
    problem,
    button: 'Add the ward',
    back: backToWards,
  })

async function saveNewWard(visit: Visit): Promise<Response> {
  const { slug, ...input } = readWard(valuesOf(readFields(newWardFields, visit.form)))
  await doOnce(visit, (ctx) => createWard(ctx, { ...input, ...(slug && { slug }) }))
  return redirect(`${wardsPath}?done=created`)
}

export const newWardForm: Form = {
  path: '/new',
  permission: 'wards:write',
  show: showNewWard,
  save: saveNewWard,
}
