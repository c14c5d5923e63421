import { Elysia } from 'elysia'
import type { Deps } from '../core/ctx'
import { accountRoutes } from './account/routes'
import { assetRoutes } from './assets/routes'
import { homeRoutes } from './home/routes'
import { passwordRoutes } from './password/routes'
import { setUpRoutes } from './set-up/routes'
import { signInRoutes } from './sign-in/routes'

/** The dashboard: everything under `/admin`. */
export const dashboardRoutes = (deps: Deps) =>
  new Elysia({ name: 'dashboard' })
    .use(assetRoutes())
    .use(signInRoutes(deps))
    .use(setUpRoutes(deps))
    .use(passwordRoutes(deps))
    .use(accountRoutes(deps))
    .use(homeRoutes(deps))
