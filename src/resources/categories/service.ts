import type { Change } from '../../core/change'
import type { Ctx } from '../../core/ctx'
import { countsOf, type ImportCounts, planUpserts } from '../../core/upsert'
import { write } from '../../core/write'
import type { CategoryInput } from './import'
import { insertCategory, listAllCategories, updateCategory } from './store'
import type { CategoryRow } from './table'

const safe = ['name', 'slug', 'group', 'visibility', 'active', 'targetDays', 'dayType']

const defaults = { visibility: 'public', active: true, dayType: 'working' } as const

function planCategories(existing: readonly CategoryRow[], inputs: readonly CategoryInput[]) {
  const bySlug = new Map(existing.map((row) => [row.slug, row]))
  return planUpserts<CategoryRow, CategoryInput>(inputs, ({ slug }) => bySlug.get(slug))
}

/** What importing these categories would do. */
export const previewCategories = async (ctx: Ctx, inputs: readonly CategoryInput[]): Promise<ImportCounts> =>
  countsOf(planCategories(await listAllCategories(ctx), inputs))

/** Makes the categories that are new and brings the others up to date, found by slug: all or nothing. */
export const importCategories = (
  ctx: Ctx,
  inputs: readonly CategoryInput[],
  onRow = () => {},
): Promise<ImportCounts> =>
  write(ctx, 'category.import', async (w) => {
    const plan = planCategories(await listAllCategories(w), inputs)
    const changes: Change[] = []
    for (const input of plan.create) {
      const now = w.clock.now()
      const own = { id: w.newId(), tenantId: w.tenantId, createdAt: now, updatedAt: now }
      const row = await insertCategory(w, { ...defaults, ...input, ...own })
      changes.push({ entity: 'category', id: row.id, before: null, after: { ...defaults, ...input }, safe })
      onRow()
    }
    for (const { row, changed } of plan.update) {
      await updateCategory(w, row, changed)
      changes.push({ entity: 'category', id: row.id, before: row, after: changed, safe })
      onRow()
    }
    return { changes, result: countsOf(plan) }
  })
