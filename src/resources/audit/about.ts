import { type About, prefixed } from '../../core/about'
import { changedAt, ids } from '../sample-values'

const actions = {
  'audit.end_lost': 'End of the log lost',
  'audit.export': 'Audit log exported',
} as const

declare module '../../core/about' {
  interface Actions extends AuditActions {}
}
type AuditActions = typeof actions

export const auditAbout = {
  tag: { name: 'Audit', description: 'Who did what, with proof that no entry was changed.' },
  scopes: { 'audit:read': { heading: 'Audit log', allows: 'View the audit log' } },
  entities: { audit: 'Audit log' },
  actions,
  parameters: {
    'audit.action': 'Only entries with this action',
    'audit.entity': 'Only entries about things of this kind',
    'audit.entityId':
      'Only entries about the thing with this id, the case with this reference, or the person with this e-mail address',
    'audit.from': 'Only entries on or after this instant',
    'audit.to': 'Only entries before this instant',
  },
  samples: {
    ...prefixed('AuditEntry', {
      id: 'a9u3d7i1t5e8n2r4y6q0z3hh',
      at: changedAt,
      entityId: ids.case,
      hash: 'b61c2f9e07d84a35c1e6f02794bd8a53e7f1095c6d2ab84e3f70915dc28a6b4e',
    }),
    ...prefixed('actor', { type: 'key', id: ids.key, name: 'Website', ip: '203.0.113.7' }),
    ...prefixed('AuditVerification', { valid: true, entries: 1042, firstBroken: null }),
    requestId: '019aabf2-6c1e-7d3a-9f40-5b8e2c7d1a60',
  },
} satisfies About
