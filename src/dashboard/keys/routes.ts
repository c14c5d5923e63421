import { Elysia } from 'elysia'
import type { Deps } from '../../core/ctx'
import { pages } from '../../http/pages'
import { showRevocation, showRotation, takeRevocation, takeRotation } from './change'
import { showCreation, takeCreation } from './create'
import { showKey, showKeys } from './list'

const page = 'keys:manage' as const

/** The council's API keys: they are made, replaced and ended here. */
export const keyRoutes = (deps: Deps) =>
  new Elysia({ prefix: '/admin/keys' })
    .use(pages(deps))
    .get('', ({ visit }) => showKeys(visit), { page })
    .get('/new', ({ visit }) => showCreation(visit), { page })
    .post('/new', ({ visit }) => takeCreation(deps, visit), { page })
    .get('/:id', ({ visit, params }) => showKey(visit, params.id), { page })
    .get('/:id/rotate', ({ visit, params }) => showRotation(visit, params.id), { page })
    .post('/:id/rotate', ({ visit, params }) => takeRotation(deps, visit, params.id), { page })
    .get('/:id/revoke', ({ visit, params }) => showRevocation(visit, params.id), { page })
    .post('/:id/revoke', ({ visit, params }) => takeRevocation(visit, params.id), { page })
