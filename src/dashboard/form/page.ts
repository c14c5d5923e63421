import type { Entry, Visit } from '../../http/pages'
import { type PageData, type PageOptions, showEntry, showPage } from '../page'
import { type Field, type FilledField, type FormValues, fillFields, type Problem, summaryOf } from './fields'
import { textOf } from './listed'
import { noProblem } from './submit'

/** A page that is one form. */
export type FormPage = {
  title: string
  fields: readonly Field[]
  values?: FormValues
  problem?: Problem
  /** The saved values, shown beside the sent ones if they have changed meanwhile. */
  current?: FormValues
  /** The version that the form changes: any other is refused. */
  tag?: string | null
  /** See `onceKey`. */
  once?: string
  /** Where the form is sent; by default, the page’s own address. */
  action?: string
  /** Null for a page from which nothing can be sent. */
  button: string | null
  back?: { text: string; href: string }
  intro?: string
  isWarning?: boolean
  view?: string
  /** Banners by the `done` in the address. */
  notices?: Record<string, string>
  /** Anything else that the view shows. */
  more?: Record<string, unknown>
}

type Difference = { label: string; yours: string; now: string }

const differences = (fields: readonly Field[], sent: FormValues, current: FormValues): Difference[] =>
  fields
    .map((field) => {
      const [yours = '', now = ''] = [sent, current].flatMap((values) =>
        fillFields([field], values).map(textOf),
      )
      return { label: field.label, yours, now }
    })
    .filter(({ yours, now }) => yours !== now)

/** The data of a form, for a page that shows other things too. */
export function formData({
  fields,
  values = {},
  problem = noProblem,
  current,
  tag = null,
  ...rest
}: FormPage) {
  const filled: FilledField[] = fillFields(fields, values, problem.issues)
  const isStale = problem.isStale && current !== undefined
  return {
    ...rest,
    fields: filled,
    tag,
    summary: isStale ? [] : summaryOf(filled, problem),
    stale: isStale ? differences(fields, values, current) : null,
  }
}

const isFaulty = ({ problem = noProblem }: FormPage) => problem !== noProblem

function dataOf(page: FormPage): PageData {
  return { ...formData(page), ...page.more, title: page.title }
}

const optionsOf = (page: FormPage): PageOptions =>
  isFaulty(page) ? { status: page.problem?.isStale ? 409 : 400 } : {}

export const showForm = (visit: Visit, page: FormPage): Promise<Response> =>
  showPage(visit, page.view ?? 'form/page.njk', dataOf(page), optionsOf(page))

export const showEntryForm = (entry: Entry, page: FormPage): Promise<Response> =>
  showEntry(entry, page.view ?? 'form/page.njk', dataOf(page), optionsOf(page))
