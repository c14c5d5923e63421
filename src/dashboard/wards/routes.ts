import { Elysia } from 'elysia'
import type { Deps } from '../../core/ctx'
import { pages } from '../../http/pages'
import { formRoutes } from '../form/routes'
import { wardForm } from './edit'
import { showWards } from './list'
import { newWardForm } from './new'

/** The council’s areas. */
export const wardRoutes = (deps: Deps) =>
  new Elysia({ prefix: '/admin/wards' })
    .use(pages(deps))
    .get('', ({ visit }) => showWards(visit), { page: 'wards:read' })
    .use(formRoutes(deps, [newWardForm, wardForm]))
