import type { Change } from '../../../core/change'
import type { Ctx, Writer } from '../../../core/ctx'
import { write } from '../../../core/write'
import { all, equals } from '../../../db/conditions'
import { isEqual } from '../../../lib/equal'
import { AppError, type Issue } from '../../../lib/errors'
import { badFile, type RowFault } from '../../../lib/import-file'
import { inSlices } from '../../../lib/slices'
import { changeCase } from '../change.service'
import type { FieldName } from '../fields'
import { keptDetails, type Resident, residentFields } from '../residents/model'
import { getResident } from '../residents/store'
import { findCaseWhere, reloadCase } from '../store'
import { type CaseRow, cases } from '../table'
import type { CaseRecord } from './fields'
import { getIdsByInternalRef } from './import.store'
import { columnsOf, type References } from './row'

/** The id of the case that a line is about, if it came in with an earlier file. */
export type Finder = (record: CaseRecord, fault: (reason: string) => void) => string | null

/**
 * Lines without a reference are known by the reference they had in the other system, so that a file that comes in twice
 * makes no case twice. One that leads to several cases or stands on several lines is a fault.
 */
export async function findAgain(ctx: Ctx, records: readonly CaseRecord[]): Promise<Finder> {
  const unnamed = records.filter(({ values }) => values.reference === undefined)
  const ids = await getIdsByInternalRef(
    ctx,
    new Set(unnamed.flatMap(({ values }) => values.internalRef ?? [])),
  )
  const earlier = new Map<string, CaseRecord>()
  return (record, fault) => {
    const { internalRef, reference } = record.values
    if (internalRef == null) return null
    const before = earlier.get(internalRef)
    if (before === undefined) earlier.set(internalRef, record)
    else if (reference === undefined || before.values.reference === undefined) {
      fault(`internalRef: ${internalRef} is on line ${before.line} already`)
    }
    if (reference !== undefined) return null
    const [id = null, ...others] = ids.get(internalRef) ?? []
    if (others.length > 0) fault(`internalRef: ${others.length + 1} cases have ${internalRef}`)
    return id
  }
}

const wantedResident = (was: Resident, { values }: CaseRecord): Resident => {
  const given = residentFields.filter((field) => values[field] !== undefined)
  const kept = keptDetails(values)
  return { ...was, ...Object.fromEntries(given.map((field) => [field, kept[field] ?? null])) }
}

const differs = (row: CaseRow, columns: Partial<CaseRow>): boolean =>
  Object.entries(columns).some(([name, value]) => !isEqual(row[name as FieldName], value))

const thisCase = (ctx: Ctx, id: string) => all([equals(cases.tenantId, ctx.tenantId), equals(cases.id, id)])

type Again = { id: string; record: CaseRecord; references: References }

/** True if the line says anything new of its case. */
export async function saysMore(ctx: Ctx, { id, record, references }: Again): Promise<boolean> {
  const found = await findCaseWhere(ctx, thisCase(ctx, id))
  const was = await getResident(ctx, id)
  return (
    found !== undefined &&
    (differs(found.case, columnsOf(record, references)) || !isEqual(was, wantedResident(was, record)))
  )
}

/** Changes the case to what the line says of it; sends no events, as with a new case. */
export async function changeAgain(w: Writer, { id, record, references }: Again): Promise<Change[]> {
  const was = await getResident(w, id)
  const wanted = { state: {}, columns: columnsOf(record, references), resident: wantedResident(was, record) }
  try {
    const { changes } = await changeCase(w, await reloadCase(w, id), was, wanted)
    return changes.map((change) => ({ ...change, events: [] }))
  } catch (error) {
    throw asFaultOf(record, error)
  }
}

/** What the rules of changes refuse is a fault of the line. */
function asFaultOf({ line }: CaseRecord, error: unknown): unknown {
  const issues = error instanceof AppError ? ((error.details.issues ?? []) as Issue[]) : []
  const faults = issues.map(({ path, message }): RowFault => ({ line, reason: `${path}: ${message}` }))
  return faults.length > 0 ? badFile(faults) : error
}

const rehearsedTogether = 400

/** Thrown to take back what was only tried. */
class Rehearsed extends Error {}

/**
 * The rules of changes refuse some lines only when their change is made: all are made and taken back, so that every faulty line
 * is known before the first is saved.
 */
export async function rehearse(
  ctx: Ctx,
  planned: readonly (Omit<Again, 'id'> & { id: string | null })[],
): Promise<void> {
  const faults: RowFault[] = []
  const known = planned.filter((line): line is Again => line.id !== null)
  for await (const slice of inSlices(known, rehearsedTogether)) {
    const tried = write(ctx, 'case.import', async (w) => {
      for (const line of slice) await changeAgain(w, line).catch((error) => faults.push(...faultsIn(error)))
      throw new Rehearsed()
    })
    await tried.catch((error) => {
      if (!(error instanceof Rehearsed)) throw error
    })
  }
  if (faults.length > 0) throw badFile(faults)
}

function faultsIn(error: unknown): RowFault[] {
  if (error instanceof AppError && Array.isArray(error.details.rows)) return error.details.rows as RowFault[]
  throw error
}
