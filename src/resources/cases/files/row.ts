import type { Tenant } from '../../../core/ctx'
import { normalizePostcode } from '../../../lib/contact-details'
import { localDate } from '../../../lib/time'
import { type FieldsLike, initialValues, type SentField, sentFields } from '../fields'
import {
  fieldOfTerm,
  keptDetails,
  nobody,
  type Resident,
  residentFields,
  termIssues,
} from '../residents/model'
import { isFinished } from '../rules/lifecycle'
import { adviceInFiles } from '../rules/personal'
import { guardPublic } from '../rules/publication'
import { closingTime, dueBy, dueOn, type TargetRule, targetStateOf } from '../rules/target'
import type { CaseRow, PublicState } from '../table'
import { type CaseRecord, type InstantName, type RecordValues, transferFields } from './fields'

export type References = {
  wardId: string | null
  categoryId: string | null
  assigneeId: string | null
  councillorId: string | null
  rule: TargetRule
}

export type ImportedRow = Omit<
  CaseRow,
  | 'id'
  | 'tenantId'
  | 'position'
  | 'reference'
  | 'referenceYear'
  | 'referenceNumber'
  | 'duplicateOfId'
  | 'version'
>

/** Other systems' clocks may run ahead of ours. */
const clockSkewMs = 5 * 60_000

export function residentOf({ values }: CaseRecord): Resident {
  const kept = keptDetails(values)
  const given = residentFields.map((field) => [field, kept[field] ?? null])
  return { ...nobody, ...Object.fromEntries(given) }
}

/** Each time, and the one that it must not lie before; null for now, when what has no time is received. */
export function* timesInOrder({
  receivedAt,
  createdAt,
  resolvedAt,
}: CaseRecord['instants']): Generator<[time: InstantName, first: InstantName | null]> {
  const received = receivedAt ? 'receivedAt' : createdAt ? 'createdAt' : null
  yield ['updatedAt', createdAt ? 'createdAt' : received]
  for (const time of ['acknowledgedAt', 'pendingSince', 'resolvedAt', 'closedAt'] as const)
    yield [time, received]
  if (resolvedAt) yield ['closedAt', 'resolvedAt']
  yield ['pendingUntil', 'pendingSince']
}

function* orderFaults({ values, instants }: CaseRecord, now: Date): Generator<string> {
  const { status = 'open', pendingReason } = values
  const isMisplaced: Partial<Record<InstantName, boolean>> = {
    resolvedAt: !isFinished(status),
    closedAt: status !== 'closed',
    pendingSince: !pendingReason,
  }
  for (const [name, first] of timesInOrder(instants)) {
    if (isMisplaced[name]) continue
    const [time, before] = [instants[name], first === null ? now : instants[first]]
    if (!time || !before || time >= before) continue
    yield first === null
      ? `${name}: Must not lie before the case is received: give receivedAt or createdAt too`
      : `${name}: Must not lie before ${first}`
  }
}

function* halfPoint({ latitude, longitude }: RecordValues): Generator<string> {
  if (latitude !== undefined && longitude === undefined) yield 'longitude: Required where latitude is given'
  if (longitude !== undefined && latitude === undefined) yield 'latitude: Required where longitude is given'
}

/** Faults that no single cell has by itself. */
export function* faultsOf(record: CaseRecord, now: Date): Generator<string> {
  const { values, instants } = record
  const { status = 'open', resolution, pendingReason, duplicateOf, publicState = 'draft' } = values
  for (const [name, instant] of Object.entries(instants)) {
    const mayLieAhead = name === 'dueAt' || name === 'followUpAt' || name === 'pendingUntil'
    if (!mayLieAhead && instant.getTime() > now.getTime() + clockSkewMs)
      yield `${name}: Must not be in the future`
  }
  yield* orderFaults(record, now)
  if (!isFinished(status)) {
    for (const name of ['resolvedAt', 'closedAt'] as const) {
      if (instants[name]) yield `${name}: Only a resolved or closed case has one`
    }
    if (resolution) yield 'resolution: Only a resolved or closed case has one'
  }
  if (status === 'resolved' && instants.closedAt) yield 'closedAt: Only a closed case has one'
  if (!record.faults.some((fault) => /^l(at|ong)itude/.test(fault))) yield* halfPoint(values)
  if (values.postcode && normalizePostcode(values.postcode) === undefined)
    yield 'postcode: Must be a UK postcode, such as SW1A 2AA'
  if (duplicateOf && resolution !== 'duplicate')
    yield 'duplicateOf: Can only be sent with the resolution duplicate'
  if (status !== 'in_progress' && pendingReason)
    yield 'pendingReason: Only a case in progress can wait for others'
  if (!pendingReason && (instants.pendingSince || instants.pendingUntil)) {
    yield 'pendingReason: Required where pendingSince or pendingUntil is given'
  }
  const resident = residentOf(record)
  const { residentEmail: email, residentPhone: phone, residentPostcode: postcode } = resident
  for (const { path, message } of termIssues({ email, phone, postcode }, fieldOfTerm)) {
    yield `${path}: ${message}`
  }
  yield* publicFaults(record, publicState, resident)
}

function* publicFaults({ values }: CaseRecord, state: PublicState, resident: Resident): Generator<string> {
  if (state !== 'approved') return
  const shown = { publicSummary: values.publicSummary ?? null, publicThemes: values.publicThemes ?? [] }
  const { issues } = guardPublic(shown, resident.residentName, { advice: adviceInFiles })
  for (const { path, message } of issues) yield `${path}: ${message}`
}

/** References are looked up instead. */
type SentCell = Exclude<SentField, FieldsLike<{ cell: 'reference' }>>

const initialOf = initialValues as { [Name in SentCell]?: unknown }
const sentCells = sentFields
  .filter((name): name is SentCell => name in transferFields)
  .map((name) => [name, initialOf[name] ?? null] as const)

function sentValues(values: RecordValues): Pick<CaseRow, SentCell> {
  const row: { [Name in SentCell]?: unknown } = {}
  for (const [name, initial] of sentCells) row[name] = values[name] ?? initial
  return row as Pick<CaseRow, SentCell>
}

const places = ['latitude', 'longitude', 'address', 'postcode', 'uprn'] as const

/** What a line says of a case that is there already. How far it has come, and what is public, stay as they are. */
export function columnsOf({ values, instants }: CaseRecord, found: References): Partial<CaseRow> {
  const named = [...sentCells.map(([name]) => name), ...places].filter((name) => name !== 'publicState')
  const given = named.filter((name) => values[name] !== undefined)
  return {
    ...Object.fromEntries(given.map((name) => [name, values[name]])),
    ...(found.wardId !== null && { wardId: found.wardId }),
    ...(found.categoryId !== null && { categoryId: found.categoryId }),
    ...(found.assigneeId !== null && { assigneeId: found.assigneeId }),
    ...(found.councillorId !== null && { councillorId: found.councillorId }),
    ...(instants.followUpAt && { followUpAt: instants.followUpAt }),
  }
}

export const createdAtOf = ({ instants }: CaseRecord, now: Date): Date =>
  instants.createdAt ?? instants.receivedAt ?? now

/** Times that a line does not give follow from those that it does. */
export function rowOf(
  tenant: Tenant,
  record: CaseRecord,
  { rule, ...references }: References,
  isDueGiven: boolean,
  now: Date,
): ImportedRow {
  const { values, instants } = record
  const { status = 'open' } = values
  const createdAt = createdAtOf(record, now)
  const updatedAt = instants.updatedAt ?? createdAt
  const receivedAt = instants.receivedAt ?? createdAt
  const closedAt = status === 'closed' ? (instants.closedAt ?? updatedAt) : null
  const resolvedAt = isFinished(status)
    ? (instants.resolvedAt ?? (status === 'resolved' ? updatedAt : null))
    : null
  const due = isDueGiven ? dueAtDate(tenant, rule, instants.dueAt) : dueBy(tenant, rule, receivedAt)
  const pendingReason = values.pendingReason ?? null
  const facts = { status, pendingReason, resolvedAt, closedAt, dueAt: due.dueAt }
  const closesAt = status === 'resolved' && resolvedAt ? closingTime(tenant, resolvedAt) : null
  return {
    ...references,
    ...facts,
    ...due,
    ...sentValues(values),
    resolution: values.resolution ?? null,
    pendingSince: pendingReason && (instants.pendingSince ?? updatedAt),
    pendingUntil: pendingReason && (instants.pendingUntil ?? null),
    latitude: values.latitude ?? null,
    longitude: values.longitude ?? null,
    address: values.address ?? null,
    postcode: values.postcode ?? null,
    uprn: values.uprn ?? null,
    receivedAt,
    acknowledgedAt: instants.acknowledgedAt ?? null,
    followUpAt: instants.followUpAt ?? null,
    targetFrom: receivedAt,
    targetDayType: rule.dayType,
    pausedDays: 0,
    targetState: targetStateOf(facts),
    // A target missed before the import is not reported.
    breachAt: due.dueAt && due.dueAt >= now ? due.dueAt : null,
    closesAt: closesAt && closesAt >= now ? closesAt : null,
    reopenCount: values.reopenCount ?? 0,
    firstResponseAt: null,
    responseCount: 0,
    reassignCount: 0,
    createdAt,
    updatedAt,
  }
}

function dueAtDate(tenant: Tenant, { dayType }: TargetRule, given: Date | undefined) {
  if (!given) return { dueAt: null, dueSoonAt: null }
  return dueOn(tenant, localDate(given, tenant.timezone), dayType)
}
