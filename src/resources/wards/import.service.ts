import type { Change } from '../../core/change'
import type { Ctx, Writer } from '../../core/ctx'
import { countsOf, type ImportCounts, planUpserts } from '../../core/upsert'
import { write } from '../../core/write'
import { isUniqueViolation } from '../../db/faults'
import { isEqual } from '../../lib/equal'
import { badRequest, conflict } from '../../lib/errors'
import { dateOfDay, dayNumber, startOfLocalDate } from '../../lib/time'
import { rightHanded } from './boundary'
import type { WardInput } from './import'
import { isInUse } from './model'
import { freeSlug, safe } from './service'
import { getBoundary, insertWard, listAllWards, saveBoundary, today, updateWard } from './store'
import type { WardRow } from './table'

export type WardImportOptions = {
  /** The last local date on which wards that the file lacks are valid; without it they stay as they are. */
  endMissing?: string | undefined
}

/** `missing` are the names of the wards in use that the file lacks; absent if it lacks none. */
export type WardImportCounts = ImportCounts & { missing?: string[] }

type Kept = { row: WardRow; input: WardInput; changed: Partial<WardRow>; isMoved: boolean }

type WardPlan = {
  create: WardInput[]
  update: Kept[]
  unchanged: Kept[]
  /** Wards in use of the kinds in the file that it lacks. */
  missing: WardRow[]
}

async function planWards(
  ctx: Ctx,
  existing: readonly WardRow[],
  inputs: readonly WardInput[],
  { endMissing }: WardImportOptions,
): Promise<WardPlan> {
  const byCode = new Map(existing.filter((row) => row.gssCode !== null).map((row) => [row.gssCode, row]))
  const bySlug = new Map(existing.map((row) => [row.slug, row]))
  const find = ({ gssCode, slug }: WardInput) => (gssCode ? byCode.get(gssCode) : bySlug.get(slug))
  const settled = inputs.map((input) => {
    const row = find(input)
    return row && !input.isSlugGiven ? { ...input, slug: row.slug } : input
  })
  const plan = planUpserts<WardRow, WardInput>(settled, find, ['boundary', 'isSlugGiven'])
  const kept: Kept[] = []
  for (const one of [...plan.update, ...plan.unchanged.map((same) => ({ ...same, changed: {} }))]) {
    kept.push({ ...one, isMoved: await hasOtherBoundary(ctx, one.row, one.input) })
  }
  const isChanged = ({ changed, isMoved }: Kept) => isMoved || Object.keys(changed).length > 0
  const update = kept.filter(isChanged)
  const missing = missingWards(ctx, existing, kept, inputs)
  if (endMissing !== undefined) assertMayEnd(missing, endMissing)
  const create = missing.length > 0 ? startingAfter(ctx, plan.create, endMissing) : plan.create
  return { create, update, unchanged: kept.filter((one) => !isChanged(one)), missing }
}

async function hasOtherBoundary(ctx: Ctx, { id }: WardRow, { boundary }: WardInput): Promise<boolean> {
  if (!boundary) return false
  const before = await getBoundary(ctx, id)
  return before === null || !isEqual(rightHanded(before), boundary)
}

/** Only of the kinds in the file, because a file of parishes says nothing about wards. */
function missingWards(
  ctx: Ctx,
  existing: readonly WardRow[],
  kept: readonly Kept[],
  inputs: readonly WardInput[],
): WardRow[] {
  const there = new Set(kept.map(({ row }) => row.id))
  const tiers = new Set([...kept.map(({ row }) => row.tier), ...inputs.map(({ tier = 'ward' }) => tier)])
  const date = today(ctx)
  const isStanding = (row: WardRow) => !there.has(row.id) && tiers.has(row.tier) && isInUse(row, date)
  return existing.filter(isStanding).sort((a, b) => a.name.localeCompare(b.name, 'en-GB'))
}

function assertMayEnd(missing: readonly WardRow[], date: string): void {
  if (!startOfLocalDate(date, 'UTC')) throw badRequest(`--end-missing "${date}" is not a date (YYYY-MM-DD)`)
  const late = missing.find(({ validFrom }) => validFrom !== null && validFrom > date)
  if (late) throw badRequest(`${late.name} begins on ${late.validFrom}, so it cannot end on ${date}`)
}

/** New wards begin on the day after the old ones end, if that day is still to come. */
function startingAfter(ctx: Ctx, inputs: WardInput[], endMissing: string | undefined): WardInput[] {
  if (endMissing === undefined || endMissing <= today(ctx)) return inputs
  const validFrom = dateOfDay(dayNumber(endMissing) + 1)
  return inputs.map((input) => ({ ...input, validFrom: input.validFrom ?? validFrom }))
}

const resultOf = (plan: WardPlan): WardImportCounts => ({
  ...countsOf(plan),
  ...(plan.missing.length > 0 && {
    missing: plan.missing.map(({ name, gssCode }) => (gssCode ? `${name} (${gssCode})` : name)),
  }),
})

/** Counts what an import would do. */
export const previewWards = async (
  ctx: Ctx,
  inputs: readonly WardInput[],
  options: WardImportOptions = {},
): Promise<WardImportCounts> => resultOf(await planWards(ctx, await listAllWards(ctx), inputs, options))

/** Creates or updates wards by GSS code or else by slug, all or nothing. `onRow` is called after each ward. */
export async function importWards(
  ctx: Ctx,
  inputs: readonly WardInput[],
  onRow = () => {},
  options: WardImportOptions = {},
): Promise<WardImportCounts> {
  try {
    return await writeWards(ctx, inputs, onRow, options)
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw conflict('Two wards would have the same slug or GSS code; nothing was imported')
  }
}

const writeWards = (
  ctx: Ctx,
  inputs: readonly WardInput[],
  onRow: () => void,
  options: WardImportOptions,
): Promise<WardImportCounts> =>
  write(ctx, 'ward.import', async (w) => {
    const existing = await listAllWards(w)
    const plan = await planWards(w, existing, inputs, options)
    const taken = new Set(existing.map(({ slug }) => slug))
    const changes: Change[] = []
    for (const input of plan.create) {
      changes.push(await addWard(w, input, taken))
      onRow()
    }
    for (const { row, input, changed, isMoved } of plan.update) {
      await updateWard(w, row, changed)
      if (isMoved && input.boundary) await saveBoundary(w, row.id, input.boundary)
      const after = { ...changed, ...(isMoved && { boundary: 'replaced' }) }
      changes.push({ entity: 'ward', id: row.id, before: { ...row, boundary: null }, after, safe })
      onRow()
    }
    for (const _ of plan.unchanged) onRow()
    if (options.endMissing !== undefined)
      changes.push(...(await endWards(w, plan.missing, options.endMissing)))
    return { changes, result: resultOf(plan) }
  })

async function addWard(
  w: Writer,
  { boundary, isSlugGiven, ...rest }: WardInput,
  taken: Set<string>,
): Promise<Change> {
  const now = w.clock.now()
  const after = { ...rest, slug: freeSlug({ ...rest, ...(isSlugGiven && { isSlugGiven }) }, taken) }
  taken.add(after.slug)
  const own = { id: w.newId(), tenantId: w.tenantId, createdAt: now, updatedAt: now }
  const { id } = await insertWard(w, { tier: 'ward', ...after, ...own })
  if (boundary) await saveBoundary(w, id, boundary)
  return { entity: 'ward', id, before: null, after, safe }
}

/** Wards that end earlier keep their end. */
async function endWards(w: Writer, rows: readonly WardRow[], validTo: string): Promise<Change[]> {
  const changes: Change[] = []
  for (const row of rows.filter((one) => one.validTo === null || one.validTo > validTo)) {
    await updateWard(w, row, { validTo })
    changes.push({ entity: 'ward', id: row.id, before: row, after: { validTo }, safe })
  }
  return changes
}
