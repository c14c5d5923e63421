import { Elysia } from 'elysia'
import type { Deps } from '../core/ctx'
import { accountRoutes } from './account/routes'
import { administrationPages } from './administration/routes'
import { assetRoutes } from './assets/routes'
import { auditPages } from './audit/routes'
import { casePages } from './cases/one/routes'
import { casesPages } from './cases/routes'
import { categoryPages } from './categories/routes'
import { helpPages } from './help/routes'
import { homeRoutes } from './home/routes'
import { keyRoutes } from './keys/routes'
import { passwordRoutes } from './password/routes'
import { planPages } from './plan/routes'
import { setUpRoutes } from './set-up/routes'
import { settingsPages } from './settings/routes'
import { signInRoutes } from './sign-in/routes'
import { userPages } from './users/routes'
import { wardPages } from './wards/routes'

/** The dashboard: everything under `/admin`. */
export const dashboardRoutes = (deps: Deps) =>
  new Elysia({ name: 'dashboard' })
    .use(assetRoutes())
    .use(signInRoutes(deps))
    .use(setUpRoutes(deps))
    .use(passwordRoutes(deps))
    .use(accountRoutes(deps))
    .use(keyRoutes(deps))
    .use(homeRoutes(deps))
    .use(administrationPages(deps))
    .use(userPages(deps))
    .use(wardPages(deps))
    .use(categoryPages(deps))
    .use(settingsPages(deps))
    .use(auditPages(deps))
    .use(planPages(deps))
    .use(helpPages(deps))
    .use(casePages(deps))
    .use(casesPages(deps))
