import type { Visit } from '../../../http/pages'
import { localDate } from '../../../lib/time'
import { CasePatch } from '../../../resources/cases/input'
import type { CaseView } from '../../../resources/cases/model'
import { patchCase } from '../../../resources/cases/service'
import { getUser } from '../../../resources/users/store'
import { type Changing, saveChange, showChange } from '../../form/change'
import { type Field, type FormValues, type Problem, underHeading } from '../../form/fields'
import type { Form } from '../../form/routes'
import { changedNames, checkInput, nested, type Values, valuesOf } from '../../form/values'
import { choice } from '../../list/filters'
import { categoryOptions, councillorOptions, wardOptions, withChosen } from '../../options'
import { asSent, caseFields, categoryField, furtherFields, furtherValues, wardField } from '../fields'
import { type ByReference, backToCase, goToCase, openCase } from './open'

const place: Field[] = [
  caseFields.address,
  caseFields.postcode,
  { name: 'location.uprn', label: 'UPRN', kind: 'text', hint: 'Up to 12 digits', size: 20, isOptional: true },
  {
    name: 'location.latitude',
    label: 'Latitude',
    kind: 'text',
    hint: 'For example, 51.4545',
    size: 20,
    isOptional: true,
  },
  {
    name: 'location.longitude',
    label: 'Longitude',
    kind: 'text',
    hint: 'For example, -2.5879',
    size: 20,
    isOptional: true,
  },
]

const work: Field[] = [
  { name: 'followUpAt', label: 'Follow up on', kind: 'date', size: 10, isOptional: true },
  ...furtherFields,
  {
    name: 'archived',
    label: 'The case is archived',
    hint: 'Lists leave it out unless somebody asks for archived cases',
    kind: 'checkbox',
  },
]

async function editFields({ ctx }: Visit, { ward, category, councillorId }: CaseView): Promise<Field[]> {
  const councillor = councillorId === null ? null : await getUser(ctx, councillorId)
  const { summary, description, type, priority } = caseFields
  const councillors = withChosen(await councillorOptions(ctx), councillor)
  return [
    ...underHeading('What it is about', [summary, description, type, priority]),
    ...underHeading('Who it belongs to', [
      wardField(withChosen(await wardOptions(ctx), ward)),
      categoryField(withChosen(await categoryOptions(ctx), category)),
      { ...choice('councillorId', 'Councillor', 'No councillor', councillors), isOptional: true },
    ]),
    ...underHeading('Where it is', place),
    ...underHeading('How it is worked on', work),
  ]
}

const numberText = (value: number | null | undefined) => (value == null ? null : String(value))

function valuesIn(view: CaseView, timezone: string): FormValues {
  const { latitude, longitude, address, postcode, uprn } = view.location ?? {}
  return {
    summary: asSent(view.summary),
    description: asSent(view.description),
    type: view.type,
    priority: view.priority,
    wardId: view.wardId,
    categoryId: view.categoryId,
    councillorId: view.councillorId,
    'location.address': asSent(address),
    'location.postcode': asSent(postcode),
    'location.uprn': uprn,
    'location.latitude': numberText(latitude),
    'location.longitude': numberText(longitude),
    followUpAt: view.followUpAt && localDate(new Date(view.followUpAt), timezone),
    ...furtherValues(view),
    archived: view.archived ? 'true' : null,
  }
}

/** A number of degrees; any other text is left for the verb to refuse. */
const degrees = (text: string | null) =>
  text !== null && /^[+-]?\d{1,3}(\.\d{1,20})?(e-\d{1,2})?$/.test(text) ? Number(text) : text

function readField({ name, kind }: Field, sent: Values): unknown {
  if (kind === 'checkbox') return sent.isTicked(name)
  if (name === 'location.latitude' || name === 'location.longitude') return degrees(sent.clearable(name))
  return name === 'summary' ? sent.text(name) : sent.clearable(name)
}

const subjectOf = async (visit: Visit, view: CaseView): Promise<Changing> => ({
  fields: await editFields(visit, view),
  current: valuesIn(view, visit.ctx.tenant.timezone),
  state: view,
})

async function showEdit(visit: Visit, problem: Problem, { reference }: ByReference): Promise<Response> {
  const { view } = await openCase(visit, reference)
  return showChange(visit, {
    ...(await subjectOf(visit, view)),
    title: `Edit ${view.reference}`,
    problem,
    button: 'Save',
    back: backToCase(view),
  })
}

async function saveEdit(visit: Visit, { reference }: ByReference): Promise<Response> {
  const read = async () => subjectOf(visit, (await openCase(visit, reference)).view)
  const { view, done } = await saveChange(visit, read, async (ctx, sent, { fields, current }) => {
    const names = changedNames(current, sent)
    const fieldOf = (name: string) => fields.find((field) => field.name === name) as Field
    const input = nested(names, (name) => readField(fieldOf(name), valuesOf(sent)))
    const saved = await patchCase(ctx, reference, checkInput(CasePatch, input))
    return { view: saved, done: names.length > 0 || ctx.idempotency?.isReplayed ? 'saved' : 'unchanged' }
  })
  return goToCase(visit.ctx, view, done)
}

/** Changes everything about a case except its status, its resident and what the public sees. */
export const editForm: Form = {
  path: '/:reference/edit',
  permission: 'cases:write',
  show: showEdit,
  save: saveEdit,
}
