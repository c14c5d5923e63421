import type { Ctx } from '../../core/ctx'
import { type Export, type Import, writeRecords } from '../../core/transfer'
import { recordFirst } from '../../core/write'
import { type CategoryInput, parseCategories } from './import'
import { CategoryCreate, toView } from './model'
import { importCategories, previewCategories } from './service'
import { listAllCategories } from './store'

const shape = { list: 'categories', schema: CategoryCreate }

export const categoryExport: Export = {
  name: 'categories',
  formats: ['csv'],
  write: (ctx, format) => writeRecords(format, shape, exported(ctx)),
}

/** By slug. The export is recorded first. */
async function* exported(ctx: Ctx): AsyncGenerator<CategoryCreate[]> {
  await recordFirst(ctx, 'category.export', [{ entity: 'category', id: 'export' }])
  const rows = await listAllCategories(ctx)
  yield rows.sort((a, b) => (a.slug < b.slug ? -1 : 1)).map((row) => toView(row))
}

export const categoryImport: Import<CategoryInput> = {
  name: 'categories',
  description: 'CSV: name, slug, group, description, visibility, active, targetDays, dayType',
  parse: (bytes, _, options) => ({ inputs: parseCategories(bytes, options) }),
  preview: previewCategories,
  save: importCategories,
}
