import { inspectKey } from '../../core/api-keys/model'
import { createKey, type KeyCreate } from '../../core/api-keys/service'
import type { Ctx, Deps } from '../../core/ctx'
import type { Visit } from '../../http/pages'
import { type Issue, invalid } from '../../lib/errors'
import { endOfDays, startOfLocalDate } from '../../lib/time'
import { type Field, type Option, type Problem, readFields } from '../form/fields'
import { showForm } from '../form/page'
import { noProblem, submit } from '../form/submit'
import { assigneeOptions } from '../options'
import { ctxOnce, newOnce, showNewKey } from './once'
import { hasApi, scopeGroups, scopeOptions } from './scopes'

const back = { text: 'Back to API keys', href: '/admin/keys' }

const expiries: Option[] = [
  { value: '30', text: 'In 30 days' },
  { value: '90', text: 'In 90 days' },
  { value: '365', text: 'In a year' },
  { value: 'date', text: 'After a date', hint: 'Enter it below' },
  { value: 'never', text: 'Never' },
]

const accesses: Option[] = [
  { value: 'some', text: 'Only what I choose below', hint: 'A key that is lost then does the least harm' },
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
    hint: 'Only if it ends after a date. For example, 31/3/2027',
    kind: 'text',
    size: 10,
    isOptional: true,
    missing: 'Enter the last day of the key',
  },
  {
    name: 'ipAllow',
    label: 'Addresses that may use it',
    hint: 'IP addresses or ranges such as 192.0.2.0/24, each on a line of its own. Leave empty for any.',
    kind: 'textarea',
    size: 4,
    isOptional: true,
  },
]

async function fieldsFor(ctx: Ctx): Promise<Field[]> {
  const nobody = { value: '', text: 'Nobody: it sees the whole council' }
  const actingUser: Field = {
    name: 'actingUserId',
    label: 'For whom it acts',
    hint: 'The key then sees no more than this person: a caseworker’s own cases, a councillor’s wards.',
    kind: 'select',
    options: [nobody, ...(await assigneeOptions(ctx))],
    isOptional: true,
  }
  return [...own, actingUser]
}

/** Asks what a new key is for; on a plan without the API says so and asks nothing. */
export async function showCreation(visit: Visit, problem: Problem = noProblem): Promise<Response> {
  const { ctx, form } = visit
  const { plan } = ctx.tenant
  if (!hasApi(plan)) {
    const intro = `Your council is on the plan ${plan}, which has no API. Keys come with the plans pro and council.`
    return showForm(visit, { title: 'Create an API key', fields: [], button: null, back, intro, problem })
  }
  const fields = await fieldsFor(ctx)
  const sent = readFields(fields, form)
  const values = problem === noProblem ? { access: 'some', expiry: '365' } : sent
  return showForm(visit, {
    title: 'Create an API key',
    fields,
    values,
    problem,
    button: 'Create the key',
    back,
    view: 'keys/new.njk',
    more: { ...newOnce(visit), groups: scopeGroups(plan, sent.scopes ?? []) },
  })
}

/** Makes the key and shows it, this once. */
export const takeCreation = (deps: Deps, visit: Visit): Promise<Response> =>
  submit(
    async () => {
      const made = await createKey(ctxOnce(visit), deps, await readCreation(visit))
      return showNewKey(deps, visit, made, { until: null })
    },
    (problem) => showCreation(visit, problem),
  )

type Sent = Record<string, string[]>

async function readCreation({ ctx, form }: Visit): Promise<KeyCreate> {
  const sent = readFields(await fieldsFor(ctx), form)
  const issues: Issue[] = []
  const input = {
    name: sent.name?.[0] ?? '',
    scopes: readScopes(sent, issues),
    expiresAt: readExpiry(ctx, sent, issues),
    ipAllow: (sent.ipAllow?.[0] ?? '')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
    actingUserId: sent.actingUserId?.[0] ?? null,
  }
  if (issues.length === 0) return input
  const others = inspectKey(input, ctx.tenant.plan, ctx.clock.now()).issues
  throw invalid([...issues, ...others.filter(({ path }) => !issues.some((issue) => issue.path === path))])
}

function readScopes({ access, scopes = [] }: Sent, issues: Issue[]): readonly string[] {
  if (access?.[0] === 'plan') return ['all']
  if (access?.[0] !== 'some') issues.push({ in: 'body', path: 'access', message: 'Required' })
  return scopes
}

const dayMs = 86_400_000

function readExpiry({ clock, tenant }: Ctx, { expiry, expiresAt }: Sent, issues: Issue[]): Date | null {
  const wanted = expiry?.[0] ?? ''
  if (wanted === 'never') return null
  if (/^(30|90|365)$/.test(wanted)) return new Date(clock.now().getTime() + Number(wanted) * dayMs)
  if (wanted !== 'date') {
    issues.push({ in: 'body', path: 'expiry', message: 'Required' })
    return null
  }
  const text = expiresAt?.[0] ?? ''
  const start = startOfLocalDate(isoDate(text), tenant.timezone)
  if (start) return endOfDays(start, 1, tenant.timezone)
  const message = text === '' ? 'Required' : 'Must be a day such as 31/3/2027'
  issues.push({ in: 'body', path: 'expiresAt', message })
  return null
}

/** Writes `31/3/2027` as `2027-03-31`; anything else stays what it is. */
const isoDate = (text: string) =>
  text.replace(
    /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/,
    (_, day: string, month: string, year: string) =>
      `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`,
  )
