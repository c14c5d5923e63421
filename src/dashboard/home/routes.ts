import { Elysia } from 'elysia'
import type { Deps } from '../../core/ctx'
import { pages } from '../../http/pages'
import { showHome } from './page'

/** The page that somebody comes to first. */
export const homeRoutes = (deps: Deps) =>
  new Elysia({ prefix: '/admin' })
    .use(pages(deps))
    .get('', ({ visit }) => showHome(visit), { page: 'signed-in' })
