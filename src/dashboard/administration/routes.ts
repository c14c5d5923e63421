import { Elysia } from 'elysia'
import type { Deps } from '../../core/ctx'
import { pages } from '../../http/pages'
import { showPage } from '../page'
import { placesFor } from './places'

/** The page that leads to all others of the administration. */
export const administrationPages = (deps: Deps) =>
  new Elysia({ prefix: '/admin/administration' })
    .use(pages(deps))
    .get(
      '',
      ({ visit }) =>
        showPage(visit, 'administration/page.njk', { title: 'Administration', places: placesFor(visit) }),
      { page: 'audit:read' },
    )
