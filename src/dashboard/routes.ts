import { Elysia } from 'elysia'
import type { Deps } from '../core/ctx'
import { accountRoutes } from './account/routes'
import { administrationRoutes } from './administration/routes'
import { assetRoutes } from './assets/routes'
import { auditRoutes } from './audit/routes'
import { caseRoutes } from './cases/one/routes'
import { casesRoutes } from './cases/routes'
import { categoryRoutes } from './categories/routes'
import { helpRoutes } from './help/routes'
import { homeRoutes } from './home/routes'
import { keyRoutes } from './keys/routes'
import { settingsRoutes } from './settings/routes'
import { signInRoutes } from './sign-in/routes'
import { userRoutes } from './users/routes'
import { wardRoutes } from './wards/routes'

/** The dashboard: everything under `/admin`. */
export const dashboardRoutes = (deps: Deps) =>
  new Elysia({ name: 'dashboard' })
    .use(assetRoutes())
    .use(signInRoutes(deps))
    .use(accountRoutes(deps))
    .use(homeRoutes(deps))
    .use(casesRoutes(deps))
    .use(caseRoutes(deps))
    .use(userRoutes(deps))
    .use(administrationRoutes(deps))
    .use(keyRoutes(deps))
    .use(wardRoutes(deps))
    .use(categoryRoutes(deps))
    .use(settingsRoutes(deps))
    .use(auditRoutes(deps))
    .use(helpRoutes(deps))
