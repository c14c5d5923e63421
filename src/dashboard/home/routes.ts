import { Elysia } from 'elysia'
import type { Deps } from '../../core/ctx'
import { pages } from '../../http/pages'
import { showPage } from '../page'

/** The page that somebody comes to first. */
export const homeRoutes = (deps: Deps) =>
  new Elysia({ prefix: '/admin' })
    .use(pages(deps))
    .get('', ({ visit }) => showPage(visit, 'home/page.njk', { title: 'Home' }), { page: 'signed-in' })
