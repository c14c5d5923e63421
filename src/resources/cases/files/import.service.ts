import type { Change } from '../../../core/change'
import type { Ctx, Writer } from '../../../core/ctx'
import type { ImportCounts } from '../../../core/upsert'
import { listUsers } from '../../../core/users/store'
import { write } from '../../../core/write'
import { badFile, type RowFault } from '../../../lib/import-file'
import { localYear } from '../../../lib/time'
import { listAllCategories } from '../../categories/store'
import { listAllWards } from '../../wards/store'
import { keepFiguresTogether } from '../derived/figures.store'
import { auditedValues } from '../fields'
import type { CaseFilters } from '../filters'
import { isNobody } from '../residents/model'
import { putResident } from '../residents/store'
import { formatReference, partsOf } from '../rules/reference'
import type { TargetRule } from '../rules/target'
import { insertCase, nextReferenceNumber } from '../store'
import { changeAgain, findAgain, saysMore } from './again.service'
import { exportCases } from './export.service'
import type { CaseRecord, TransferCase } from './fields'
import { getIdsByReference, getReferences, linkDuplicate, moveSequenceOn } from './import.store'
import { faultsOf, type References, residentOf, rowOf } from './row'

type Lookup = (record: CaseRecord, fault: (reason: string) => void) => References

/** References may be ids, codes, names or e-mail addresses. */
async function lookupOf(ctx: Ctx): Promise<Lookup> {
  const [wards, categories, users] = [
    await listAllWards(ctx),
    await listAllCategories(ctx),
    await listUsers(ctx),
  ]
  const ward = finder('ward', wards, ({ id, name, slug, gssCode }) => [id, gssCode, name, slug])
  const category = finder('category', categories, ({ id, name, slug }) => [id, name, slug])
  const user = finder('user', users, ({ id, email }) => [id, email])
  const councillors = users.filter(({ role }) => role === 'councillor')
  const councillor = finder('councillor', councillors, ({ id, email }) => [id, email])
  const council: TargetRule = { days: ctx.tenant.targetDays, dayType: ctx.tenant.targetDayType }
  return ({ values }, fault) => {
    const found = category(values.category, 'category', fault)
    const own = found && found.targetDays !== null ? { days: found.targetDays, dayType: found.dayType } : null
    return {
      wardId: ward(values.ward, 'ward', fault)?.id ?? null,
      categoryId: found?.id ?? null,
      assigneeId: user(values.assignee, 'assignee', fault)?.id ?? null,
      councillorId: councillor(values.councillor, 'councillor', fault)?.id ?? null,
      rule: own ?? council,
    }
  }
}

/** Earlier names in `namesOf` take precedence. A name that several things share is a fault. */
function finder<T>(what: string, things: readonly T[], namesOf: (thing: T) => (string | null)[]) {
  const levels: Map<string, T | 'several'>[] = []
  for (const thing of things) {
    for (const [level, name] of namesOf(thing).entries()) {
      levels[level] ??= new Map()
      const key = name?.toLowerCase()
      if (key !== undefined) levels[level].set(key, levels[level].has(key) ? 'several' : thing)
    }
  }
  return (text: string | undefined, field: string, fault: (reason: string) => void): T | undefined => {
    if (text === undefined) return undefined
    const found = levels.map((level) => level.get(text.toLowerCase())).find((thing) => thing !== undefined)
    if (found === undefined) fault(`${field}: There is no ${what} "${text.slice(0, 50)}"`)
    if (found === 'several') fault(`${field}: "${text.slice(0, 50)}" is the name of more than one ${what}`)
    return found === 'several' ? undefined : found
  }
}

/** `id` is that of a case that is there already. */
type Planned = { record: CaseRecord; references: References; id: string | null }

/** Looks up the references of all lines; throws with every faulty line. */
async function planImport(ctx: Ctx, records: readonly CaseRecord[]): Promise<Planned[]> {
  const faults: RowFault[] = []
  const now = ctx.clock.now()
  const lookup = await lookupOf(ctx)
  const again = await findAgain(ctx, records)
  const given = records.flatMap(({ values }) => values.reference ?? [])
  const originalsGiven = records.flatMap(({ values }) => values.duplicateOf ?? [])
  const taken = await getIdsByReference(ctx, [...new Set([...given, ...originalsGiven])])
  const lines = new Map<string, number>()
  const inFile = new Set(given)
  const originals = new Map(records.map(({ values }) => [values.reference, values.duplicateOf]))
  const planned = records.map((record) => {
    const { line, values } = record
    const fault = (reason: string) => void faults.push({ line, reason })
    for (const reason of [...record.faults, ...faultsOf(record, now)]) fault(reason)
    const { reference, duplicateOf } = values
    if (reference !== undefined) {
      const before = lines.get(reference)
      if (before !== undefined) fault(`reference: ${reference} stands on line ${before} already`)
      if (taken.has(reference)) fault(`reference: There is already a case ${reference}`)
      lines.set(reference, before ?? line)
    }
    if (duplicateOf !== undefined) {
      if (isCircle(reference, originals)) fault('duplicateOf: A case is no duplicate of itself')
      else if (!inFile.has(duplicateOf) && !taken.has(duplicateOf)) {
        fault(`duplicateOf: There is no case ${duplicateOf.slice(0, 50)}`)
      }
    }
    return { record, references: lookup(record, fault), id: again(record, fault) }
  })
  if (faults.length > 0) throw badFile(faults)
  return planned
}

const longestChain = 1_000

/** A case must not be a duplicate of itself by way of others. */
function isCircle(
  reference: string | undefined,
  originals: ReadonlyMap<string | undefined, string | undefined>,
): boolean {
  let original = originals.get(reference)
  for (let steps = 0; original !== undefined && steps < longestChain; steps++) {
    if (original === reference) return true
    original = originals.get(original)
  }
  return false
}

export async function previewCases(ctx: Ctx, records: readonly CaseRecord[]): Promise<ImportCounts> {
  const counts = { created: 0, updated: 0, unchanged: 0 }
  for (const { id, ...line } of await planImport(ctx, records)) {
    if (id === null) counts.created++
    else if (await saysMore(ctx, { ...line, id })) counts.updated++
    else counts.unchanged++
  }
  return counts
}

/**
 * Creates the cases as they were, in any status, with their references and times, and changes those that an earlier file
 * brought: all or nothing. Sends no events, as nothing has happened here. Calls `onRow` after each case.
 */
export const importCases = (
  ctx: Ctx,
  records: readonly CaseRecord[],
  onRow = () => {},
): Promise<ImportCounts> =>
  write(ctx, 'case.import', async (w) => {
    const planned = await planImport(w, records)
    await keepSequences(w, records)
    // Cases created at the same instant are listed by id, the greatest first: this keeps the file's own order.
    const ids = records
      .map(() => w.newId())
      .sort()
      .reverse()
    const changes: Change[] = []
    const counts = { created: 0, updated: 0, unchanged: 0 }
    // Files list the newest first; cases are inserted in the order in which they were created.
    await keepFiguresTogether(w, async () => {
      for (let i = planned.length - 1; i >= 0; i--) {
        const { id, ...line } = planned[i] as Planned
        const made =
          id === null ? [await importCase(w, line, ids[i] as string)] : await changeAgain(w, { ...line, id })
        counts[id === null ? 'created' : made.length > 0 ? 'updated' : 'unchanged']++
        changes.push(...made)
        onRow()
      }
      await linkDuplicates(w, planned, ids)
    })
    return { changes, result: counts }
  })

/** Done before the first case is inserted, so that no new reference takes a number of the file. */
async function keepSequences(w: Writer, records: readonly CaseRecord[]): Promise<void> {
  const highest = new Map<number, number>()
  for (const { values } of records) {
    if (values.reference === undefined) continue
    const { year, number } = partsOf(values.reference)
    highest.set(year, Math.max(number, highest.get(year) ?? 0))
  }
  for (const [year, number] of highest) await moveSequenceOn(w, year, number)
}

async function importCase(
  w: Writer,
  { record, references }: Omit<Planned, 'id'>,
  id: string,
): Promise<Change> {
  const { values } = record
  const row = rowOf(w.tenant, record, references, record.isDueGiven, w.clock.now())
  const parts =
    values.reference === undefined ? await newReference(w, row.createdAt) : partsOf(values.reference)
  const reference = values.reference ?? formatReference(w.tenant.referencePrefix, parts.year, parts.number)
  await insertCase(w, {
    ...row,
    id,
    tenantId: w.tenantId,
    reference,
    referenceYear: parts.year,
    referenceNumber: parts.number,
  })
  const resident = residentOf(record)
  if (!isNobody(resident)) await putResident(w, id, resident)
  return {
    entity: 'case',
    id,
    before: null,
    after: { reference, status: row.status, resolution: row.resolution },
    safe: auditedValues,
  }
}

async function newReference(w: Writer, createdAt: Date): Promise<{ year: number; number: number }> {
  const year = localYear(createdAt, w.tenant.timezone)
  return { year, number: await nextReferenceNumber(w, year) }
}

/** Of new cases. After all are inserted, as an original may come later in the file. */
async function linkDuplicates(w: Writer, planned: readonly Planned[], ids: readonly string[]): Promise<void> {
  const byReference = new Map(planned.map(({ record }, i) => [record.values.reference, ids[i]]))
  const references = planned.flatMap(({ record }) => record.values.duplicateOf ?? [])
  const elsewhere = await getIdsByReference(w, [...new Set(references)])
  for (const [i, { record, id }] of planned.entries()) {
    const original = record.values.duplicateOf
    if (original === undefined || id !== null) continue
    const originalId = byReference.get(original) ?? elsewhere.get(original)
    await linkDuplicate(w, ids[i] as string, originalId as string)
  }
}

/** For `reeve export cases`: in the form that an import reads back. */
export async function* transferCases(
  ctx: Ctx,
  filters: CaseFilters,
  { withResidents }: { withResidents: boolean },
): AsyncGenerator<TransferCase[]> {
  const emails = new Map((await listUsers(ctx)).map(({ id, email }) => [id, email]))
  const emailOf = (id: string | null) => (id === null ? null : (emails.get(id) ?? null))
  for await (const part of await exportCases(ctx, filters, withResidents)) {
    const originals = await getReferences(
      ctx,
      part.flatMap(({ duplicateOfId }) => duplicateOfId ?? []),
    )
    yield part.map((view) => ({
      view,
      assignee: emailOf(view.assigneeId),
      councillor: emailOf(view.councillorId),
      duplicateOf: view.duplicateOfId && (originals.get(view.duplicateOfId) ?? null),
    }))
  }
}
