import type { Change } from '../../core/change'
import type { Ctx, Writer } from '../../core/ctx'
import { countsOf, type ImportCounts, planUpserts } from '../../core/upsert'
import { write } from '../../core/write'
import { isUniqueViolation } from '../../db/faults'
import { conflict } from '../../lib/errors'
import type { WardInput } from './import'
import { getBoundary, insertWard, listAllWards, saveBoundary, updateWard } from './store'
import type { WardRow } from './table'

const safe = ['name', 'nameCy', 'slug', 'gssCode', 'tier', 'enabled', 'validFrom', 'validTo', 'electorate']

function planWards(existing: readonly WardRow[], inputs: readonly WardInput[]) {
  const byCode = new Map(existing.filter((row) => row.gssCode !== null).map((row) => [row.gssCode, row]))
  const bySlug = new Map(existing.map((row) => [row.slug, row]))
  const find = ({ gssCode, slug }: WardInput) => (gssCode ? byCode.get(gssCode) : bySlug.get(slug))
  const settled = inputs.map((input) => {
    const row = find(input)
    return row && !input.isSlugGiven ? { ...input, slug: row.slug } : input
  })
  return planUpserts<WardRow, WardInput>(settled, find, ['boundary', 'isSlugGiven'])
}

/** Two wards of one name keep apart by their codes, unless a file gives their slugs. */
function freeSlug({ slug, gssCode, isSlugGiven }: WardInput, taken: ReadonlySet<string>): string {
  return taken.has(slug) && gssCode && !isSlugGiven ? `${slug}-${gssCode.toLowerCase()}` : slug
}

/** What importing these wards would do. */
export const previewWards = async (ctx: Ctx, inputs: readonly WardInput[]): Promise<ImportCounts> =>
  countsOf(planWards(await listAllWards(ctx), inputs))

/**
 * Makes the wards that are new and brings the others up to date, found by GSS code, else by slug: all or nothing.
 * `onRow` is told after each ward.
 */
export async function importWards(
  ctx: Ctx,
  inputs: readonly WardInput[],
  onRow = () => {},
): Promise<ImportCounts> {
  try {
    return await writeWards(ctx, inputs, onRow)
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw conflict('Two wards would have the same slug or GSS code; nothing was imported')
  }
}

const writeWards = (ctx: Ctx, inputs: readonly WardInput[], onRow: () => void): Promise<ImportCounts> =>
  write(ctx, 'ward.import', async (w) => {
    const existing = await listAllWards(w)
    const plan = planWards(existing, inputs)
    const taken = new Set(existing.map(({ slug }) => slug))
    const changes: Change[] = []
    for (const { boundary, isSlugGiven, ...rest } of plan.create) {
      const now = w.clock.now()
      const input = { ...rest, slug: freeSlug({ ...rest, ...(isSlugGiven && { isSlugGiven }) }, taken) }
      taken.add(input.slug)
      const row = await insertWard(w, {
        tier: 'ward',
        ...input,
        id: w.newId(),
        tenantId: w.tenantId,
        createdAt: now,
        updatedAt: now,
      })
      if (boundary) await saveBoundary(w, row.id, boundary)
      changes.push({ entity: 'ward', id: row.id, before: null, after: input, safe })
      onRow()
    }
    for (const { row, input, changed } of plan.update) {
      await updateWard(w, row, changed)
      await replaceBoundary(w, row, input)
      changes.push({ entity: 'ward', id: row.id, before: row, after: changed, safe })
      onRow()
    }
    for (const { row, input } of plan.unchanged) {
      if (await replaceBoundary(w, row, input)) {
        await updateWard(w, row, {})
        changes.push({ entity: 'ward', id: row.id, before: null, after: { boundary: 'replaced' }, safe })
      }
      onRow()
    }
    return { changes, result: countsOf(plan) }
  })

/** Stores the boundary a file gives where it differs; whether it did. */
async function replaceBoundary(w: Writer, { id }: WardRow, { boundary }: WardInput): Promise<boolean> {
  if (!boundary) return false
  if (JSON.stringify(await getBoundary(w, id)) === JSON.stringify(boundary)) return false
  await saveBoundary(w, id, boundary)
  return true
}
