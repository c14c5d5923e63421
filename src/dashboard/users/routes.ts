import { Elysia } from 'elysia'
import type { Deps } from '../../core/ctx'
import { pages } from '../../http/pages'
import { formRoutes } from '../form/routes'
import { factorRemovalForm, signOutEverywhere } from './access'
import { userForm } from './edit'
import { invitationForm, sendAgain } from './invite'
import { showPeople } from './list'
import { showPerson } from './person'

/** The council’s staff and councillors. */
export const userRoutes = (deps: Deps) =>
  new Elysia({ prefix: '/admin/users' })
    .use(pages(deps))
    .get('', ({ visit }) => showPeople(visit), { page: 'users:read' })
    .get('/:id', ({ visit, params }) => showPerson(visit, params), { page: 'users:read' })
    .post('/:id/link', ({ visit, params }) => sendAgain(deps, visit, params), { page: 'users:write' })
    .post('/:id/sign-out', ({ visit, params }) => signOutEverywhere(visit, params), { page: 'users:write' })
    .use(formRoutes(deps, [invitationForm(deps), userForm, factorRemovalForm]))
