import { Elysia } from 'elysia'
import type { Deps } from '../../core/ctx'
import { pages, type Visit } from '../../http/pages'
import { showPage } from '../page'
import { administrationPlaces } from '../places'
import { councilInCommands } from '../words'
import { showPlan } from './plan'

const showHub = (visit: Visit): Promise<Response> =>
  showPage(visit, 'administration/hub.njk', {
    title: 'Administration',
    places: administrationPlaces(visit),
    called: councilInCommands(visit.ctx.tenant),
  })

/** The page that leads to the whole administration, and the council’s plan. */
export const administrationRoutes = (deps: Deps) =>
  new Elysia({ prefix: '/admin' })
    .use(pages(deps))
    .get('/administration', ({ visit }) => showHub(visit), { page: 'audit:read' })
    .get('/plan', ({ visit }) => showPlan(visit), { page: 'settings:read' })
