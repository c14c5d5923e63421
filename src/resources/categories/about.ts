import { type About, prefixed } from '../../core/about'
import { ids } from '../sample-values'

const actions = {
  'category.create': 'Category created',
  'category.import': 'Category imported',
  'category.update': 'Category changed',
} as const

declare module '../../core/about' {
  interface Actions extends CategoryActions {}
}
type CategoryActions = typeof actions

export const categoriesAbout = {
  tag: { name: 'Categories', description: 'What cases are about.' },
  scopes: { 'categories:read': { heading: 'Categories', allows: 'See categories' } },
  entities: { category: 'Category' },
  actions,
  parameters: {
    'categories.group': 'Only categories of this group',
    'categories.visibility': 'Only categories for these readers',
    'categories.active': 'Only categories that are in use, or only those that are not',
  },
  samples: {
    'categories.id': ids.category,
    ...prefixed('Category', {
      id: ids.category,
      group: 'Highways',
      description: 'Holes and cracks in roads and pavements',
    }),
    active: true,
    targetDays: 10,
  },
} satisfies About
