import { type About, prefixed } from '../../core/about'
import { ids } from '../sample-values'

const actions = {
  'category.create': 'Category created',
  'category.export': 'Categories exported',
  'category.import': 'Category imported',
  'category.update': 'Category changed',
} as const

declare module '../../core/about' {
  interface Actions extends CategoryActions {}
}
type CategoryActions = typeof actions

export const categoriesAbout = {
  tag: { name: 'Categories', description: 'What cases are about.' },
  scopes: { 'categories:read': { heading: 'Categories', allows: 'View categories' } },
  entities: { category: 'Category' },
  actions,
  parameters: {
    'categories.group': 'Only categories in this group',
    'categories.visibility': 'Only categories with this visibility',
    'categories.active': 'Only categories in use, or only those not in use',
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
