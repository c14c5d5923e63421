import { Elysia } from 'elysia'
import { guard } from '../../http/guard'
import { SettingsPatch, SettingsView } from './model'
import { getSettings, patchSettings } from './service'

export const settingsRoutes = new Elysia({ prefix: '/api/settings', tags: ['Settings'] })
  .use(guard)
  .get('', ({ ctx }) => getSettings(ctx), {
    scope: 'settings:read',
    response: SettingsView,
    detail: {
      operationId: 'getSettings',
      summary: 'View the settings',
      description: 'How the council works with Reeve: its targets, its limits, what it publishes.',
    },
  })
  .patch('', ({ ctx, body }) => patchSettings(ctx, body), {
    scope: 'settings:write',
    parse: ['json'],
    body: SettingsPatch,
    response: SettingsView,
    detail: {
      operationId: 'updateSettings',
      summary: 'Change settings',
      description:
        'Changes the settings that are sent; the audit log records each old and new value. New targets apply to new ' +
        'cases only. Letting webhooks carry personal data also needs `residents:read`; of people, only administrators may do ' +
        'that or change how people sign in.',
    },
  })
