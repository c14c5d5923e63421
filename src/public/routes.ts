import { Elysia } from 'elysia'
import type { Deps } from '../core/ctx'
import { publicCaseRoutes } from './cases.routes'
import { publicEventRoutes } from './events.routes'
import { formRoutes } from './forms.routes'
import { publicNewsRoutes } from './news.routes'
import { publicReportRoutes } from './reports.routes'
import { publicWardRoutes } from './wards.routes'

/** Everything that needs no key. */
export const publicRoutes = (deps: Deps) =>
  new Elysia()
    .use(publicNewsRoutes(deps))
    .use(publicEventRoutes(deps))
    .use(publicCaseRoutes(deps))
    .use(publicReportRoutes(deps))
    .use(publicWardRoutes(deps))
    .use(formRoutes(deps))
