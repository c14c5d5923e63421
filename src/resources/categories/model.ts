import { type Static, Type } from '@sinclair/typebox'
import { Nullable, OneOf, PageQuery, PaginationView, Prose, Sort, Strict, Text } from '../../core/schema'
import { dayTypes } from '../../lib/workdays'
import { type CategoryRow, visibilities } from './table'

const categorySorts = ['name', 'group'] as const

export const CategoryView = Strict({
  id: Type.String(),
  name: Type.String({ examples: ['Potholes'] }),
  slug: Type.String({ examples: ['potholes'] }),
  group: Nullable(Type.String()),
  description: Nullable(Type.String()),
  visibility: OneOf(visibilities),
  active: Type.Boolean(),
  targetDays: Nullable(Type.Integer({ description: 'Days in which to resolve a case' })),
  dayType: OneOf(dayTypes),
})
export type CategoryView = Static<typeof CategoryView>

export const slugForm = {
  form: /^[A-Za-z0-9_-]{1,100}$/,
  meaning: 'letters, digits, hyphens and underscores',
}
export const maxTargetDays = 9_999

export const CategoryCreate = Strict({
  name: Text(200),
  slug: Type.Optional(Type.String({ pattern: slugForm.form.source, description: slugForm.meaning })),
  group: Type.Optional(Nullable(Text(200))),
  description: Type.Optional(Nullable(Prose(5_000))),
  visibility: OneOf(visibilities),
  active: Type.Boolean(),
  targetDays: Type.Optional(Nullable(Type.Integer({ minimum: 1, maximum: maxTargetDays }))),
  dayType: OneOf(dayTypes),
})
export type CategoryCreate = Static<typeof CategoryCreate>

export const CategoryPatch = Type.Partial(CategoryCreate, { additionalProperties: false })
export type CategoryPatch = Static<typeof CategoryPatch>

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

export function toView(row: CategoryRow): CategoryView {
  const { id, name, slug, group, description, visibility, active, targetDays, dayType } = row
  return { id, name, slug, group, description, visibility, active, targetDays, dayType }
}
