import type { Visit } from '../../../http/pages'
import { fieldOfTerm, terms } from '../../../resources/cases/residents/model'
import { searchResidents } from '../../../resources/cases/residents/service'
import { showPage } from '../../page'
import { counted, formatDay } from '../../words'
import { type ByReference, casePath, openCase } from './open'
import { statusTag, termWords } from './words'

const pageSize = 50

/**
 * The other cases whose resident has the same address, number or postcode. By POST, so that nothing personal appears in
 * an address.
 */
export async function showOthers(visit: Visit, { reference }: ByReference): Promise<Response> {
  const { ctx, form } = visit
  const { view } = await openCase(visit, reference)
  const term = terms.find((one) => one === form.get('by')) ?? 'email'
  const value = view[fieldOfTerm(term)] ?? null
  const text = form.get('page') ?? '1'
  const page = /^[1-9]\d?$/.test(text) ? Number(text) : 1
  const slice = { kind: 'page', page, pageSize, offset: (page - 1) * pageSize } as const
  const { rows, total } =
    value === null ? { rows: [], total: 0 } : await searchResidents(ctx, { [term]: value }, slice)
  // The search finds this case too.
  const others = Math.max(0, (total ?? 0) - 1)
  return showPage(visit, 'cases/one/others.njk', {
    title: `Cases with the same ${termWords[term]}`,
    back: { text: `Back to the resident of ${view.reference}`, href: casePath(view, '/resident') },
    heading: view.reference,
    count:
      others === 0
        ? 'There are no other cases that you have permission to view.'
        : `${counted(others, 'other case')}, newest first.`,
    term,
    newer: page > 1 ? page - 1 : null,
    older: (total ?? 0) > page * pageSize ? page + 1 : null,
    cases: rows
      .filter(({ id }) => id !== view.id)
      .map(({ reference: other, summary, status, receivedAt }) => ({
        reference: other,
        href: casePath({ reference: other }),
        summary,
        status: statusTag(status),
        received: formatDay(receivedAt, ctx.tenant.timezone),
      })),
  })
}
