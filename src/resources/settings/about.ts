import type { About } from '../../core/about'

const actions = {
  'settings.export': 'Settings exported',
  'settings.import': 'Settings imported',
  'settings.update': 'Settings changed',
  'tenant.create': 'Council created',
  'tenant.set_calendar': 'Days off changed',
  'tenant.set_origins': 'Web origins changed',
  'tenant.set_plan': 'Plan changed',
  'tenant.set_targets': 'Targets changed',
  'tenant.set_up': 'Council set up',
} as const

declare module '../../core/about' {
  interface Actions extends SettingsActions {}
}
type SettingsActions = typeof actions

export const settingsAbout = {
  tag: { name: 'Settings', description: 'How the council works with Reeve.' },
  scopes: {
    'settings:read': { heading: 'Settings', allows: 'View the council’s settings' },
    'settings:write': { heading: 'Settings', allows: 'Change the council’s settings' },
  },
  entities: { tenant: 'Council' },
  actions,
  samples: {
    timezone: 'Europe/London',
    reopenWindowDays: 5,
    retentionMonths: 24,
    'Settings.rateLimit': 300,
    publicMinCell: 5,
    'Settings.website': 'https://www.example.gov.uk',
    newsPage: 'https://www.example.gov.uk/news/{slug}',
    eventPage: 'https://www.example.gov.uk/events/{id}',
    casePage: 'https://www.example.gov.uk/cases/{reference}',
    'webhooks.includePersonalData': false,
    'open311.enabled': false,
    'signIn.requireSecondFactor': true,
  },
} satisfies About
