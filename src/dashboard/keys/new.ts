import { inspectKey } from '../../core/api-keys/model'
import { createKey, type KeyCreate } from '../../core/api-keys/service'
import type { Ctx, Deps } from '../../core/ctx'
import type { Visit } from '../../http/pages'
import { type Issue, invalid } from '../../lib/errors'
import { endOfDays, startOfLocalDate } from '../../lib/time'
import { readDate } from '../../lib/typed-date'
import { type Field, linesIn, type Option, offeredOnly, type Problem, readFields } from '../form/fields'
import { showForm } from '../form/page'
import type { Form } from '../form/routes'
import { noProblem } from '../form/submit'
import { assigneeOptions } from '../options'
import { backToKeys } from './rows'
import { hasApi, scopeGroups, scopeOptions } from './scopes'
import { makeOnce, showSecret } from './secret'

const expiries: Option[] = [
  { value: '30', text: 'In 30 days' },
  { value: '90', text: 'In 90 days' },
  { value: '365', text: 'In a year' },
  { value: 'date', text: 'After a date', hint: 'Enter it below' },
  { value: 'never', text: 'Never' },
]

const accesses: Option[] = [
  { value: 'some', text: 'Only what I choose below', hint: 'A lost key then does the least harm' },
  { value: 'plan', text: 'Everything that the plan includes' },
]

const own: Field[] = [
  {
    name: 'name',
    label: 'Name',
    hint: 'What will use the key, such as “Website” or “Contact centre”',
    kind: 'text',
    missing: 'Enter what will use the key',
  },
  { name: 'access', label: 'What the key may do', kind: 'radios', options: accesses },
  {
    name: 'scopes',
    label: 'What it may do',
    kind: 'checkboxes',
    options: scopeOptions,
    missing: 'Choose what the key may do',
  },
  {
    name: 'expiry',
    label: 'When it ends',
    kind: 'radios',
    options: expiries,
    missing: 'Choose when the key ends',
  },
  {
    name: 'expiresAt',
    label: 'Last day',
    hint: 'Only if it ends after a date',
    kind: 'date',
    size: 10,
    isOptional: true,
    missing: 'Enter the last day of the key',
  },
  {
    name: 'ipAllow',
    label: 'Addresses that may use it',
    hint: 'IP addresses or ranges such as 192.0.2.0/24, one on each line. Leave it empty to allow any.',
    kind: 'lines',
    size: 4,
    isOptional: true,
  },
]

async function fieldsFor(ctx: Ctx): Promise<Field[]> {
  const nobody = { value: '', text: 'Nobody: it sees the whole council' }
  const actingUser: Field = {
    name: 'actingUserId',
    label: 'Acts as',
    hint: 'The key then sees only what this person sees: a caseworker’s own cases, or a councillor’s wards.',
    kind: 'select',
    options: [nobody, ...(await assigneeOptions(ctx))],
    isOptional: true,
  }
  return [...own, actingUser]
}

/** A plan without the API gets an explanation instead of the form. */
async function showNewKey(visit: Visit, problem: Problem): Promise<Response> {
  const { ctx, form } = visit
  const { plan } = ctx.tenant
  const title = 'Create an API key'
  if (!hasApi(plan)) {
    const intro = `Your council is on the plan ${plan}, which has no API. Keys come with the plans pro and council.`
    return showForm(visit, { title, fields: [], button: null, back: backToKeys, intro, problem })
  }
  const fields = await fieldsFor(ctx)
  const sent = readFields(fields, form)
  return showForm(visit, {
    title,
    fields,
    values: problem === noProblem ? { access: 'some', expiry: '365' } : sent,
    problem,
    button: 'Create the key',
    back: backToKeys,
    view: 'keys/new.njk',
    more: { groups: scopeGroups(plan, sent.scopes ?? []) },
  })
}

async function saveNewKey(deps: Deps, visit: Visit): Promise<Response> {
  const made = await makeOnce(visit, async (ctx) => createKey(ctx, deps, await readNewKey(visit)))
  return showSecret(deps, visit, made, { until: null })
}

export const newKeyForm = (deps: Deps): Form => ({
  path: '/new',
  permission: 'keys:manage',
  show: showNewKey,
  save: (visit) => saveNewKey(deps, visit),
})

type Sent = Record<string, string[]>

async function readNewKey({ ctx, form }: Visit): Promise<KeyCreate> {
  const fields = await fieldsFor(ctx)
  const sent = offeredOnly(fields, readFields(fields, form))
  const issues: Issue[] = []
  const input = {
    name: sent.name?.[0] ?? '',
    scopes: readScopes(sent, issues),
    expiresAt: readExpiry(ctx, sent, issues),
    ipAllow: linesIn(sent.ipAllow?.[0] ?? ''),
    actingUserId: sent.actingUserId?.[0] ?? null,
  }
  if (issues.length === 0) return input
  const others = inspectKey(input, ctx.tenant.plan, ctx.clock.now()).issues
  throw invalid([...issues, ...others.filter(({ path }) => !issues.some((issue) => issue.path === path))])
}

function readScopes({ access, scopes = [] }: Sent, issues: Issue[]): readonly string[] {
  if (access?.[0] === 'plan') return ['all']
  if (access?.[0] !== 'some')
    issues.push({ in: 'body', path: 'access', code: 'required', message: 'Required' })
  return scopes
}

const dayMs = 86_400_000

function readExpiry({ clock, tenant }: Ctx, { expiry, expiresAt }: Sent, issues: Issue[]): Date | null {
  const wanted = expiry?.[0] ?? ''
  if (wanted === 'never') return null
  if (/^(30|90|365)$/.test(wanted)) return new Date(clock.now().getTime() + Number(wanted) * dayMs)
  if (wanted !== 'date') {
    issues.push({ in: 'body', path: 'expiry', code: 'required', message: 'Required' })
    return null
  }
  const text = expiresAt?.[0] ?? ''
  const { value: day = '', fault = 'Must be a real date' } = readDate(text)
  const start = startOfLocalDate(day, tenant.timezone)
  if (start) return endOfDays(start, 1, tenant.timezone)
  issues.push(
    text === ''
      ? { in: 'body', path: 'expiresAt', code: 'required', message: 'Required' }
      : { in: 'body', path: 'expiresAt', code: 'format', message: fault },
  )
  return null
}
