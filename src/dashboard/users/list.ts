import { paged } from '../../core/paging'
import type { Visit } from '../../http/pages'
import { UserQuery } from '../../resources/users/model'
import { showUsers, today } from '../../resources/users/service'
import { listUsers } from '../../resources/users/store'
import type { Field } from '../form/fields'
import { choice } from '../list/filters'
import { showList } from '../list/page'
import { mayUse } from '../places'
import { wordsOf } from '../words'
import { roleOptions } from './fields'
import { wardNamer } from './wards'

const filters: Field[] = [
  { name: 'search', label: 'Part of the name', kind: 'text' },
  choice('role', 'Role', 'Any', roleOptions),
  choice('active', 'State', 'Active or not', [
    { value: 'true', text: 'Active' },
    { value: 'false', text: 'Not active' },
  ]),
]

export function showPeople(visit: Visit): Promise<Response> {
  const { ctx } = visit
  return showList(visit, {
    title: 'People',
    view: 'users/list.njk',
    noun: { one: 'person', many: 'people' },
    schema: UserQuery,
    filters,
    find: (query) => paged(ctx, 'users', query, (slice) => listUsers(ctx, query, today(ctx), slice)),
    show: async (rows) => {
      const people = await showUsers(ctx, rows)
      const namesOf = await wardNamer(
        ctx,
        people.flatMap(({ wardIds }) => wardIds),
      )
      return people.map((person) => ({
        ...person,
        role: wordsOf(person.role),
        wards: namesOf(person.wardIds),
      }))
    },
    more: { mayWrite: mayUse(visit, 'users:write'), slug: ctx.tenant.slug },
  })
}
