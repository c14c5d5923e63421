import type { Ctx } from '../../../core/ctx'
import { listUsers } from '../../../core/users/store'
import { fold } from '../../../lib/fold'
import { badFile, type RowFault } from '../../../lib/import-file'
import { finder } from '../../../lib/named'
import { listAllCategories } from '../../categories/store'
import { listAllWards } from '../../wards/store'
import type { TargetRule } from '../rules/target'
import { findAgain } from './again.service'
import { type CaseRecord, referenceForm } from './fields'
import { getIdsByInternalRef, getIdsByReference } from './import.store'
import { faultsOf, type References } from './row'

type Lookup = (record: CaseRecord, fault: (reason: string) => void) => References

/** References may be ids, codes, names or e-mail addresses. */
async function lookupOf(ctx: Ctx): Promise<Lookup> {
  const [wards, categories, users] = [
    await listAllWards(ctx),
    await listAllCategories(ctx),
    await listUsers(ctx),
  ]
  const ward = finderIn(
    'ward',
    wards,
    ({ id, name, slug, gssCode }) => [[id], [gssCode], [name], [slug]],
    fold,
  )
  const category = finderIn('category', categories, ({ id, name, slug }) => [[id], [name], [slug]], fold)
  const user = finderIn('user', users, ({ id, email }) => [[id], [email]])
  const councillors = users.filter(({ role }) => role === 'councillor')
  const councillor = finderIn('councillor', councillors, ({ id, email }) => [[id], [email]])
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

/** Faults begin with the field. */
function finderIn<T>(
  what: string,
  things: readonly T[],
  levelsOf: (thing: T) => (string | null)[][],
  loosely?: (name: string) => string,
) {
  const find = finder(what, things, levelsOf, loosely)
  return (text: string | undefined, field: string, fault: (reason: string) => void): T | undefined =>
    text === undefined ? undefined : find(text, (reason) => fault(`${field}: ${reason}`))
}

/**
 * `id` is that of a case that is there already, `originalId` that of the case it is a duplicate of, if it is known by its
 * reference in the other system.
 */
export type Planned = {
  record: CaseRecord
  references: References
  id: string | null
  originalId: string | null
}

/**
 * Looks up the references of the lines that are not saved yet, which are the first; throws with every faulty one. `now` is when
 * the import began.
 */
export async function planImport(
  ctx: Ctx,
  records: readonly CaseRecord[],
  { saved, now }: { saved: number; now: Date },
): Promise<Planned[]> {
  const faults: RowFault[] = []
  const lookup = await lookupOf(ctx)
  const unsaved = records.slice(0, records.length - saved)
  const again = await findAgain(ctx, unsaved)
  const given = unsaved.flatMap(({ values }) => values.reference ?? [])
  const originalsGiven = unsaved.flatMap(({ values }) => values.duplicateOf ?? [])
  const taken = await getIdsByReference(ctx, [...new Set([...given, ...originalsGiven])])
  const theirs = await getIdsByInternalRef(
    ctx,
    new Set(originalsGiven.filter((given) => !referenceForm.test(given))),
  )
  const lines = new Map<string, number>()
  const originals = new Map(
    records.flatMap(({ values }) => namesOf(values).map((name) => [name, values.duplicateOf] as const)),
  )
  const planned = new Map<CaseRecord, Planned>()
  for (const record of unsaved.toSorted((a, b) => a.line - b.line)) {
    const { line, values } = record
    const fault = (reason: string) => void faults.push({ line, reason })
    for (const reason of [...record.faults, ...faultsOf(record, now)]) fault(reason)
    const { reference, duplicateOf } = values
    if (reference !== undefined) {
      const before = lines.get(reference)
      if (before !== undefined) fault(`reference: ${reference} is on line ${before} already`)
      if (taken.has(reference)) fault(`reference: There is already a case ${reference}`)
      lines.set(reference, before ?? line)
    }
    if (duplicateOf !== undefined) {
      const isThere = originals.has(duplicateOf) || taken.has(duplicateOf) || theirs.has(duplicateOf)
      if (isCircle(namesOf(values), originals)) fault('duplicateOf: A case cannot be a duplicate of itself')
      else if (!isThere) {
        fault(`duplicateOf: There is no case ${duplicateOf.slice(0, 50)}`)
      }
    }
    const [originalId = null] = theirs.get(duplicateOf ?? '') ?? []
    planned.set(record, {
      record,
      references: lookup(record, fault),
      id: again(record, fault),
      originalId,
    })
  }
  if (faults.length > 0) throw badFile(faults)
  return unsaved.map((record) => planned.get(record) as Planned)
}

const longestChain = 1_000

/** What a case is called in its file. */
export const namesOf = ({ reference, internalRef }: CaseRecord['values']): string[] =>
  [reference, internalRef].filter((name) => name != null)

/** A case must not be a duplicate of itself by way of others. */
function isCircle(names: readonly string[], originals: ReadonlyMap<string, string | undefined>): boolean {
  let original = originals.get(names[0] ?? '')
  for (let steps = 0; original !== undefined && steps < longestChain; steps++) {
    if (names.includes(original)) return true
    original = originals.get(original)
  }
  return false
}
