import { type About, prefixed } from '../../core/about'
import { ids } from '../sample-values'

const actions = {
  'ward.create': 'Ward created',
  'ward.export': 'Wards exported',
  'ward.import': 'Ward imported',
  'ward.update': 'Ward changed',
} as const

declare module '../../core/about' {
  interface Actions extends WardActions {}
}
type WardActions = typeof actions

export const wardsAbout = {
  tag: { name: 'Wards', description: 'The areas that councillors represent.' },
  scopes: { 'wards:read': { heading: 'Wards', allows: 'View wards' } },
  entities: { ward: 'Ward' },
  actions,
  parameters: {
    'wards.tier': 'Only areas of this kind',
    'wards.enabled': 'Only wards that are enabled, or only those that are not',
    'wards.gssCode': 'Only the ward with this Government Statistical Service code',
    'getWardAt.tier': 'Which kind of area to find, where areas lie within each other',
  },
  samples: {
    'wards.id': ids.ward,
    ...prefixed('Ward', { id: ids.ward, description: null, validTo: null }),
    ...prefixed('ExportedWard', { id: ids.ward, description: null, validTo: null }),
    ...prefixed('cases', { open: 14, in_progress: 6, resolved: 3, closed: 128, total: 151 }),
    nameCy: null,
    enabled: true,
    validFrom: '2016-05-05',
    electorate: 12840,
  },
} satisfies About
