import { Elysia } from 'elysia'
import type { Deps } from '../../core/ctx'
import { pages } from '../../http/pages'
import { formRoutes } from '../form/routes'
import { settingsForm, stopPersonalData } from './edit'

export const settingsRoutes = (deps: Deps) =>
  new Elysia({ prefix: '/admin/settings' })
    .use(pages(deps))
    .post('/personal-data/stop', ({ visit }) => stopPersonalData(visit), { page: 'settings:write' })
    .use(formRoutes(deps, [settingsForm(deps)]))
