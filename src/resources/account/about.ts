import { type About, prefixed } from '../../core/about'
import { ids } from '../sample-values'

const actions = {
  'access.refuse': 'API key request refused',
  'key.create': 'API key created',
  'key.revoke': 'API key revoked',
  'key.rotate': 'API key replaced',
  'second_factor.confirm': 'Second factor set up',
  'second_factor.recovery_codes': 'New recovery codes created',
  'second_factor.remove': 'Second factor removed',
  'second_factor.use_recovery_code': 'Recovery code used',
  'session.end': 'Signed out',
  'session.half': 'Password accepted, waiting for second factor',
  'session.refuse': 'Sign-in refused',
  'session.start': 'Signed in',
} as const

declare module '../../core/about' {
  interface Actions extends AccountActions {}
}
type AccountActions = typeof actions

export const accountAbout = {
  tag: {
    name: 'Account',
    description: 'The key itself: whose it is, what it may do and how much of its quota is left.',
  },
  entities: { key: 'API key' },
  actions,
  samples: {
    ...prefixed('tenant', {
      id: 'b7n2m5k8j1h4g6f3d9s0a1cc',
      slug: 'bristol',
      name: 'Bristol City Council',
      plan: 'council',
    }),
    ...prefixed('key', { id: ids.key, name: 'Website', prefix: 'rv_live_9fKq' }),
    scopes: ['cases:read', 'cases:write', 'wards:read', 'categories:read'],
    expiresAt: '2027-03-13T09:30:00.000Z',
    limit: 100,
    windowSeconds: 60,
    remaining: 99,
    resetAt: '2026-03-13T09:31:00.000Z',
  },
} as const satisfies About
