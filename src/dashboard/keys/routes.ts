import { Elysia } from 'elysia'
import type { Deps } from '../../core/ctx'
import { pages } from '../../http/pages'
import { formRoutes } from '../form/routes'
import { showKey, showKeys } from './list'
import { newKeyForm } from './new'
import { revocationForm } from './revoke'
import { rotationForm } from './rotate'

/** The council’s API keys. */
export const keyRoutes = (deps: Deps) =>
  new Elysia({ prefix: '/admin/keys' })
    .use(pages(deps))
    .get('', ({ visit }) => showKeys(visit), { page: 'keys:manage' })
    .get('/:id', ({ visit, params }) => showKey(visit, params), { page: 'keys:manage' })
    .use(formRoutes(deps, [newKeyForm(deps), rotationForm(deps), revocationForm]))
