import type { Writer } from '../../core/ctx'
import { readInstant } from '../../core/instants'
import { missingHalf } from '../../core/point'
import { getActiveUser } from '../../core/users/store'
import { normalizePostcode } from '../../lib/contact-details'
import { AppError, conflict, type Issue } from '../../lib/errors'
import { getCategory } from '../categories/store'
import { getWard } from '../wards/store'
import { type SentField, sentFields } from './fields'
import type { CaseCreate, CasePatch } from './input'
import { keptDetails, type Resident, type ResidentField, residentFields, termIssues } from './residents/model'
import { getCase } from './store'
import type { CaseRow } from './table'

/** Clients' clocks may run ahead of ours. */
const clockSkewMs = 5 * 60_000

type Fields = Partial<CaseCreate> & Pick<CasePatch, 'archived' | 'duplicateOfId' | 'publicState'>

const noLocation = { latitude: null, longitude: null, address: null, postcode: null, uprn: null }

/**
 * The given fields as columns, with references looked up in this tenant and times parsed. `before` is the case
 * that they change. Adds every fault to `issues`.
 * Leaves out the life cycle and the resident, which have rules of their own.
 */
export async function readColumns(
  w: Writer,
  input: Fields,
  issues: Issue[],
  before?: CaseRow,
): Promise<Partial<CaseRow>> {
  const { location, followUpAt, receivedAt } = input
  issues.push(...(await missingReferences(w, input)))
  const columns: Partial<CaseRow> = sentColumns(input)
  if (followUpAt !== undefined) {
    const instant = followUpAt === null ? undefined : readInstant(w, 'body', 'followUpAt', followUpAt, issues)
    columns.followUpAt = instant ?? null
  }
  const received = readInstant(w, 'body', 'receivedAt', receivedAt, issues)
  if (received && received.getTime() > w.clock.now().getTime() + clockSkewMs) {
    issues.push({ in: 'body', path: 'receivedAt', code: 'range', message: 'Must not be in the future' })
  }
  if (received) columns.receivedAt = received
  if (location?.postcode && normalizePostcode(location.postcode) === undefined) {
    issues.push({
      in: 'body',
      path: 'location.postcode',
      code: 'format',
      message: 'Must be a UK postcode, such as SW1A 2AA',
    })
  }
  if (location) issues.push(...missingHalf('location', location, before))
  return { ...columns, ...(location === null ? noLocation : location) }
}

function sentColumns(input: Pick<Fields, SentField>): Partial<CaseRow> {
  const given = sentFields.filter((name) => input[name] !== undefined)
  return Object.fromEntries(given.map((name) => [name, input[name]]))
}

/** The resident with the given fields changed. Adds to `issues` any invalid e-mail address, telephone number or postcode. */
export function readResident(
  before: Resident,
  input: Partial<Record<ResidentField, string | null | undefined>>,
  issues: Issue[],
): Resident {
  const { residentEmail: email, residentPhone: phone, residentPostcode: postcode } = input
  const pathOf = { email: 'residentEmail', phone: 'residentPhone', postcode: 'residentPostcode' }
  issues.push(...termIssues({ email, phone, postcode }, (term) => pathOf[term]))
  const named = residentFields.filter((field) => input[field] !== undefined)
  if (named.length === 0) return before
  // A part would be sealed in place of the whole, which a right key, or a backup, may still open.
  if (before.residentUnreadable && named.length < residentFields.length) {
    throw conflict('The resident’s details cannot be read: send every one of them to replace them', {
      fields: residentFields,
    })
  }
  const { residentUnreadable: _, ...known } = before
  const kept = keptDetails(input)
  return { ...known, ...Object.fromEntries(named.map((field) => [field, kept[field] as string | null])) }
}

/** Another tenant's id is as unknown as any other. */
async function missingReferences(w: Writer, input: Fields): Promise<Issue[]> {
  const checks: [keyof Fields & string, string, (id: string) => Promise<unknown>][] = [
    ['wardId', 'There is no such ward', (id) => getWard(w, id)],
    ['categoryId', 'There is no such category', (id) => getCategory(w, id)],
    ['assigneeId', 'There is no active user with this id', (id) => getActiveUser(w, id)],
    [
      'councillorId',
      'There is no active councillor with this id',
      (id) => getActiveUser(w, id, 'councillor'),
    ],
    ['duplicateOfId', 'There is no such case', (id) => getCase(w, id)],
  ]
  const issues: Issue[] = []
  for (const [path, message, find] of checks) {
    const id = input[path]
    if (typeof id !== 'string') continue
    try {
      await find(id)
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'not_found') throw error
      issues.push({ in: 'body', path, code: 'not_found', message })
    }
  }
  return issues
}
