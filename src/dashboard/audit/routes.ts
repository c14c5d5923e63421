import { Elysia } from 'elysia'
import type { Deps } from '../../core/ctx'
import { paged } from '../../core/paging'
import { pages, type Visit } from '../../http/pages'
import { actionLabels, entityLabels } from '../../resources/all'
import { AuditQuery, toView } from '../../resources/audit/model'
import { readFilters, verifyLog } from '../../resources/audit/service'
import { listEntries } from '../../resources/audit/store'
import { findReferred } from '../../resources/cases/store'
import { casePath } from '../cases/one/open'
import type { Field } from '../form/fields'
import { choice } from '../list/filters'
import { showList } from '../list/page'
import { showPage } from '../page'
import { toAdministration } from '../places'
import { entryOf } from './entries'
import { namesIn } from './names'

const optionsOf = (words: Record<string, string>) =>
  Object.entries(words)
    .map(([value, text]) => ({ value, text }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))

const filters: Field[] = [
  choice('action', 'What was done', 'Anything', optionsOf(actionLabels)),
  choice('entity', 'What it is about', 'Anything', optionsOf(entityLabels)),
  {
    name: 'entityId',
    label: 'Which one',
    hint: 'The reference of a case, the e-mail address of a person, or an id',
    kind: 'text',
  },
  {
    name: 'actor',
    label: 'Who',
    hint: 'An e-mail address or id, or key, user, cli, system or public',
    kind: 'text',
  },
  { name: 'from', label: 'From', hint: 'The first day', kind: 'date' },
  { name: 'to', label: 'Before', hint: 'The day after the last', kind: 'date' },
]

/** An address may ask for a code that has no words: it is offered as it is. */
const filtersFor = ({ query }: Visit): Field[] =>
  filters.map((field) => {
    const code = query.get(field.name)?.trim() ?? ''
    if (!('options' in field) || field.options.some(({ value }) => value === code)) return field
    return { ...field, options: [...field.options, { value: code, text: code }] }
  })

/** The case that the log is narrowed to, if there is one. */
async function aboutCase({ ctx, query }: Visit) {
  const found = await findReferred(ctx, query.get('entityId')?.trim() ?? '')
  return found === undefined ? null : { reference: found.case.reference, href: casePath(found.case) }
}

const showLog = async (visit: Visit) =>
  showList(visit, {
    title: 'Audit log',
    view: 'audit/page.njk',
    noun: { one: 'entry', many: 'entries' },
    schema: AuditQuery,
    filters: filtersFor(visit),
    back: toAdministration(visit),
    find: async (query) => {
      const auditFilters = await readFilters(visit.ctx, query)
      return paged(visit.ctx, 'audit', query, (slice) => listEntries(visit.ctx, auditFilters, slice))
    },
    show: async (rows) => {
      const entries = rows.map(toView)
      const names = await namesIn(visit, entries)
      return entries.map((entry) => entryOf(entry, visit.ctx.tenant.timezone, names))
    },
    more: { about: await aboutCase(visit) },
  })

const verify = async (visit: Visit) =>
  showPage(visit, 'audit/verified.njk', {
    title: 'Check of the audit log',
    back: { text: 'Audit log', href: '/admin/audit' },
    ...(await verifyLog(visit.ctx)),
  })

/** The log of who did what, and the check that nobody has altered it. */
export const auditRoutes = (deps: Deps) =>
  new Elysia({ prefix: '/admin/audit' })
    .use(pages(deps))
    .get('', ({ visit }) => showLog(visit), { page: 'audit:read' })
    .post('/verify', ({ visit }) => verify(visit), { page: 'audit:read' })
