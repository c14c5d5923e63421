import { Elysia } from 'elysia'
import type { Deps } from '../../core/ctx'
import { pages } from '../../http/pages'
import { confirmRemoval, removeFactor, signOutEverywhere } from './access'
import { saveUser, showEdit } from './edit'
import { invite, sendAgain, showInvitation } from './invite'
import { showPeople } from './list'
import { showPerson } from './person'

/** The council's staff and councillors. */
export const userPages = (deps: Deps) =>
  new Elysia({ prefix: '/admin/users' })
    .use(pages(deps))
    .get('', ({ visit }) => showPeople(visit), { page: 'users:read' })
    .get('/new', ({ visit }) => showInvitation(visit), { page: 'users:write' })
    .post('/new', ({ visit }) => invite(deps, visit), { page: 'users:write' })
    .get('/:id', ({ visit, params }) => showPerson(visit, params.id), { page: 'users:read' })
    .get('/:id/edit', ({ visit, params }) => showEdit(visit, params.id), { page: 'users:write' })
    .post('/:id/edit', ({ visit, params }) => saveUser(visit, params.id), { page: 'users:write' })
    .post('/:id/link', ({ visit, params }) => sendAgain(deps, visit, params.id), { page: 'users:write' })
    .get('/:id/second-factor/remove', ({ visit, params }) => confirmRemoval(visit, params.id), {
      page: 'users:write',
    })
    .post('/:id/second-factor/remove', ({ visit, params }) => removeFactor(visit, params.id), {
      page: 'users:write',
    })
    .post('/:id/sign-out', ({ visit, params }) => signOutEverywhere(visit, params.id), {
      page: 'users:write',
    })
