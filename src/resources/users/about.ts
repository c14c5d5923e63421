import { type About, prefixed, reachOfWards, webhookEvent } from '../../core/about'
import { Strict } from '../../core/schema'
import { ids } from '../sample-values'
import { UserView } from './model'

const actions = {
  'user.change_password': 'Password changed',
  'user.create': 'Person created',
  'user.create_link': 'Password link created',
  'user.export': 'People exported',
  'user.import': 'Person imported',
  'user.invite': 'Person invited',
  'user.reset_password': 'Password reset to a one-time password',
  'user.update': 'Person changed',
  'user.update_profile': 'Own profile changed',
} as const

declare module '../../core/about' {
  interface Actions extends UserActions {}
}
type UserActions = typeof actions

export const usersAbout = {
  tag: { name: 'Users', description: 'The council’s staff and councillors.' },
  scopes: { 'users:read': { heading: 'Users', allows: 'View users and councillors' } },
  entities: { user: 'Person' },
  actions,
  events: {
    councillor_profile_updated: webhookEvent(
      'A councillor’s profile changed.',
      Strict({ councillor: UserView }),
      ({ councillor }) => reachOfWards(councillor),
    ),
  },
  parameters: {
    'users.role': 'Only people with this role',
    'users.wardId': 'Only councillors who represent this ward today',
    'users.party': 'Only members of this party',
    'users.active': 'Only active people, or only those who have left',
  },
  samples: {
    'users.id': ids.councillor,
    ...prefixed('User', {
      id: ids.councillor,
      name: 'Owen Price',
      role: 'councillor',
      email: 'owen.price@example.org',
      party: 'Independent',
      wardIds: [ids.ward],
    }),
    ...prefixed('terms', { startDate: '2024-05-02', endDate: null }),
    ...prefixed('profile', {
      bio: 'Lives in St Werburghs and speaks for Ashley on the transport committee.',
      photoUrl: 'https://www.example.gov.uk/councillors/owen-price.jpg',
      phone: '0117 496 0188',
      surgeries: 'Second Saturday of the month, 10 to 12, Junction 3 Library',
    }),
  },
} satisfies About
