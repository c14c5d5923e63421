import type { Ctx } from '../../core/ctx'
import type { Visit } from '../../http/pages'
import type { Issue } from '../../lib/errors'
import { instantAt } from '../../lib/local-time'
import { readTime } from '../../lib/typed-date'
import { isVisible } from '../../resources/cases/filters'
import type { CaseCreate } from '../../resources/cases/input'
import { createCase } from '../../resources/cases/service'
import {
  type Field,
  type FormValues,
  offeredOnly,
  type Problem,
  readFields,
  underHeading,
} from '../form/fields'
import { doOnce } from '../form/once'
import { showForm } from '../form/page'
import type { Form } from '../form/routes'
import { noProblem } from '../form/submit'
import { nested } from '../form/values'
import { assigneeOptions, categoryOptions, wardOptions } from '../options'
import { redirect } from '../page'
import { addressOf, listPath } from './address'
import { assigneeField, caseFields, categoryField, furtherFields, residentFields, wardField } from './fields'
import { casePath } from './one/open'

const received: Field[] = [
  {
    name: 'receivedAt',
    label: 'Day it was received',
    kind: 'date',
    size: 10,
    isOptional: true,
    hint: 'Leave it empty if it has just come in',
  },
  {
    name: 'receivedTime',
    label: 'Time it was received',
    kind: 'time',
    size: 10,
    isOptional: true,
    hint: 'For example, 2:30pm',
  },
]

async function newCaseFields(ctx: Ctx): Promise<Field[]> {
  const [wards, categories, people] = await Promise.all([
    wardOptions(ctx),
    categoryOptions(ctx),
    assigneeOptions(ctx),
  ])
  const isOwn = ctx.acting?.role === 'caseworker'
  const hint = `Leave it empty to assign the case to ${isOwn ? 'yourself' : 'nobody yet'}`
  const { summary, description, type, priority, sourceChannel, address, postcode } = caseFields
  return [
    summary,
    description,
    type,
    priority,
    sourceChannel,
    categoryField(categories),
    wardField(wards),
    { ...assigneeField(isOwn ? 'You' : 'Nobody yet', people), isOptional: true, hint },
    ...furtherFields,
    ...underHeading('When it was received', received),
    ...underHeading('Where it is', [address, postcode]),
    ...underHeading('Who reported it', residentFields),
  ]
}

/** Most cases that are typed in are enquiries by telephone. */
const phoneCallDefaults: FormValues = { type: 'enquiry', priority: 'normal', sourceChannel: 'phone' }

const timeIssue: Issue = {
  in: 'body',
  path: 'receivedTime',
  code: 'format',
  message: 'Must be a time, such as 9:30am or 14:30',
}

const dayIssue: Issue = { in: 'body', path: 'receivedAt', code: 'rule', message: 'Enter the day too' }

type Sent = Record<string, readonly string[]>

/** The verb takes one instant, not a day and a time: their faults are found here. */
function readNewCase(ctx: Ctx, sent: Sent): { input: Record<string, unknown>; issues: Issue[] } {
  const { receivedTime: [time] = [], ...rest } = sent
  const given = Object.keys(rest).filter((name) => rest[name]?.length)
  const isBox = (name: string) =>
    furtherFields.some((field) => field.name === name && field.kind === 'checkbox')
  const input = nested(given, (name) => (isBox(name) ? true : rest[name]?.[0]))
  if (time === undefined) return { input, issues: [] }
  if (readTime(time).value === undefined) {
    return { input, issues: [timeIssue] }
  }
  if (input.receivedAt === undefined) {
    return { input, issues: [dayIssue] }
  }
  // A text that is not a day goes on as it is, for the verb to refuse.
  const instant = instantAt(String(input.receivedAt), time, ctx.tenant.timezone)
  return { input: { ...input, ...(instant && { receivedAt: instant.toISOString() }) }, issues: [] }
}

async function showNewCase(visit: Visit, problem: Problem): Promise<Response> {
  const fields = await newCaseFields(visit.ctx)
  return showForm(visit, {
    title: 'Create a case',
    fields,
    values: problem === noProblem ? phoneCallDefaults : readFields(fields, visit.form),
    problem,
    button: 'Create the case',
    back: { text: 'Cases', href: listPath },
  })
}

/** Goes to the page of the new case, or to the list if its author may not see it. */
async function saveNewCase(visit: Visit): Promise<Response> {
  const { ctx, form } = visit
  const fields = await newCaseFields(ctx)
  const { input, issues } = readNewCase(ctx, offeredOnly(fields, readFields(fields, form)))
  const view = await doOnce(visit, (once) => createCase(once, input as CaseCreate, issues))
  if (isVisible(ctx, view.assigneeId, view.wardId)) return redirect(casePath(view, '?done=created'))
  return redirect(addressOf(new URLSearchParams({ done: 'created', case: view.reference })))
}

export const newCaseForm: Form = {
  path: '/new',
  permission: 'cases:write',
  show: showNewCase,
  save: saveNewCase,
}
