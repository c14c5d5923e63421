import type { Change } from '../../core/change'
import type { Ctx, Writer } from '../../core/ctx'
import { assertUnchanged } from '../../core/precondition'
import { countsOf, differing, type ImportCounts, planUpserts } from '../../core/upsert'
import { inspect } from '../../core/validation'
import { write } from '../../core/write'
import { type Issue, invalid } from '../../lib/errors'
import { slugify } from '../../lib/slug'
import type { CategoryInput } from './import'
import { CategoryCreate, CategoryPatch, type CategoryView, toView } from './model'
import { findCategoryCalled, getCategory, insertCategory, listAllCategories, updateCategory } from './store'
import type { CategoryRow } from './table'

const safe = ['name', 'slug', 'group', 'visibility', 'active', 'targetDays', 'dayType']

const defaults = { visibility: 'public', active: true, dayType: 'working' } as const

/** Public cases show the name of their category while it is public. */
const shownFields = ['name', 'visibility'] as const

const changeOf = (before: CategoryRow, changed: Partial<CategoryRow>): Change => ({
  entity: 'category',
  id: before.id,
  before,
  after: changed,
  safe,
  publicPart: shownFields.some((name) => name in changed) ? 'cases' : undefined,
})

function planCategories(existing: readonly CategoryRow[], inputs: readonly CategoryInput[]) {
  const bySlug = new Map(existing.map((row) => [row.slug, row]))
  return planUpserts<CategoryRow, CategoryInput>(inputs, ({ slug }) => bySlug.get(slug))
}

/** Counts what an import would do. */
export const previewCategories = async (ctx: Ctx, inputs: readonly CategoryInput[]): Promise<ImportCounts> =>
  countsOf(planCategories(await listAllCategories(ctx), inputs))

/** Creates or updates categories by slug, all or nothing. */
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
      changes.push(changeOf(row, changed))
      onRow()
    }
    return { changes, result: countsOf(plan) }
  })

/** The slug is derived from the name if not given, and must be free. */
export const createCategory = (ctx: Ctx, input: CategoryCreate): Promise<CategoryView> =>
  write(ctx, 'category.create', async (w) => {
    const { issues, sound } = inspect(CategoryCreate, input)
    const name = sound.name?.trim() ?? ''
    const slug = input.slug === undefined ? slugify(name) : (sound.slug ?? '')
    if (input.slug === undefined && name !== '' && slug === '') {
      issues.push({
        in: 'body',
        path: 'slug',
        code: 'rule',
        message: 'Required: none can be made from the name',
      })
    }
    issues.push(...(await takenIssues(w, slug)))
    if (issues.length > 0) throw invalid(issues)
    const now = w.clock.now()
    const own = { id: w.newId(), tenantId: w.tenantId, createdAt: now, updatedAt: now }
    const view = toView(await insertCategory(w, { ...input, name, slug, ...own }))
    return { changes: [{ entity: 'category', id: view.id, before: null, after: view, safe }], result: view }
  })

/** Existing cases keep their targets. */
export const patchCategory = (ctx: Ctx, id: string, patch: CategoryPatch): Promise<CategoryView> =>
  write(ctx, 'category.update', async (w) => {
    const before = await getCategory(w, id)
    assertUnchanged(w, toView(before))
    const { issues, sound } = inspect(CategoryPatch, patch)
    const changed = differing(before, { ...sound, ...(sound.name && { name: sound.name.trim() }) })
    issues.push(...(await takenIssues(w, changed.slug)))
    if (issues.length > 0) throw invalid(issues)
    if (Object.keys(changed).length === 0) return { changes: [], result: toView(before) }
    const after = await updateCategory(w, before, changed)
    return { changes: [changeOf(before, changed)], result: toView(after) }
  })

/** A council's changes run one at a time, so a free slug stays free. */
async function takenIssues(w: Writer, slug = ''): Promise<Issue[]> {
  const other = slug === '' ? undefined : await findCategoryCalled(w, slug)
  return other
    ? [{ in: 'body', path: 'slug', code: 'taken', message: 'Already used by another category' }]
    : []
}
