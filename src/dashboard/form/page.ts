import type { Entry, Visit } from '../../http/pages'
import { type PageData, type PageOptions, showEntry, showPage } from '../page'
import { type Field, type FilledField, type FormValues, fillFields, type Problem, summaryOf } from './fields'
import { textOf } from './listed'
import { noProblem } from './submit'

/** A page that is one form. */
export type FormPage = {
  title: string
  fields: readonly Field[]
  /** What the fields hold: what is so now, or what was sent. */
  values?: FormValues
  problem?: Problem
  /** What is so now, to be set beside what was sent where it has changed meanwhile. */
  current?: FormValues
  /** The state that the form was made of: a change refuses another. */
  tag?: string | null
  /** Where the form is sent; the page's own address where nothing is said. */
  action?: string
  /** What the button says; null for a page on which there is nothing to be sent. */
  button: string | null
  back?: { text: string; href: string }
  /** What stands above the fields. */
  intro?: string
  isWarning?: boolean
  view?: string
  /** What to say of what was just done, by the `done` of the address. */
  notices?: Record<string, string>
  /** Whatever else the view shows. */
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

/** What a form shows, for a page that holds more than it. */
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

/** Refused forms are shown again as what they are: an answer to a bad request. */
const optionsOf = (page: FormPage): PageOptions =>
  isFaulty(page) ? { status: page.problem?.isStale ? 409 : 400 } : {}

export const showForm = (visit: Visit, page: FormPage): Promise<Response> =>
  showPage(visit, page.view ?? 'form/page.njk', dataOf(page), optionsOf(page))

export const showEntryForm = (entry: Entry, page: FormPage): Promise<Response> =>
  showEntry(entry, page.view ?? 'form/page.njk', dataOf(page), optionsOf(page))
