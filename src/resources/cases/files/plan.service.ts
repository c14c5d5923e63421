import type { Ctx } from '../../../core/ctx'
import { listUsers } from '../../../core/users/store'
import { badFile, type RowFault } from '../../../lib/import-file'
import { finder } from '../../../lib/named'
import { listAllCategories } from '../../categories/store'
import { listAllWards } from '../../wards/store'
import type { TargetRule } from '../rules/target'
import { findAgain } from './again.service'
import type { CaseRecord } from './fields'
import { getIdsByReference } from './import.store'
import { faultsOf, type References } from './row'

type Lookup = (record: CaseRecord, fault: (reason: string) => void) => References

/** References may be ids, codes, names or e-mail addresses. */
async function lookupOf(ctx: Ctx): Promise<Lookup> {
  const [wards, categories, users] = [
    await listAllWards(ctx),
    await listAllCategories(ctx),
    await listUsers(ctx),
  ]
  const ward = finderIn('ward', wards, ({ id, name, slug, gssCode }) => [[id], [gssCode], [name], [slug]])
  const category = finderIn('category', categories, ({ id, name, slug }) => [[id], [name], [slug]])
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
function finderIn<T>(what: string, things: readonly T[], levelsOf: (thing: T) => (string | null)[][]) {
  const find = finder(what, things, levelsOf)
  return (text: string | undefined, field: string, fault: (reason: string) => void): T | undefined =>
    text === undefined ? undefined : find(text, (reason) => fault(`${field}: ${reason}`))
}

/** `id` is that of a case that is there already. */
export type Planned = { record: CaseRecord; references: References; id: string | null }

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
  const lines = new Map<string, number>()
  const inFile = new Set(records.map(({ values }) => values.reference))
  const originals = new Map(records.map(({ values }) => [values.reference, values.duplicateOf]))
  const planned = unsaved.map((record) => {
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
