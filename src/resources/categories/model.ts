import { type Static, Type } from '@sinclair/typebox'
import { Nullable, OneOf, PageQuery, PaginationView, Sort, Strict, Text } from '../../core/schema'
import { dayTypes } from '../../lib/workdays'
import { type CategoryRow, visibilities } from './table'

export const categorySorts = ['name', 'group'] as const

export const CategoryView = Strict({
  id: Type.String(),
  name: Type.String({ examples: ['Potholes'] }),
  slug: Type.String({ examples: ['potholes'] }),
  group: Nullable(Type.String()),
  description: Nullable(Type.String()),
  visibility: OneOf(visibilities),
  active: Type.Boolean(),
  targetDays: Nullable(Type.Integer({ description: 'Days to resolve a case in' })),
  dayType: OneOf(dayTypes),
})
export type CategoryView = Static<typeof CategoryView>

export const CategoryQuery = Strict({
  ...PageQuery,
  sort: Sort(categorySorts),
  search: Type.Optional(Text(100, { description: 'Part of the name' })),
  group: Type.Optional(Text(100)),
  visibility: Type.Optional(OneOf(visibilities)),
  active: Type.Optional(Type.Boolean()),
})
export type CategoryQuery = Static<typeof CategoryQuery>

export const CategoryList = Strict({ categories: Type.Array(CategoryView), pagination: PaginationView })

/** The category as it leaves Reeve. */
export function toView(row: CategoryRow): CategoryView {
  const { id, name, slug, group, description, visibility, active, targetDays, dayType } = row
  return { id, name, slug, group, description, visibility, active, targetDays, dayType }
}
