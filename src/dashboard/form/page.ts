import type { Entry, Visit } from '../../http/pages'
import { type PageData, type PageOptions, showEntry, showPage } from '../page'
import { type Field, type FilledField, type FormValues, fillFields, type Problem, summaryOf } from './fields'
import { type Marks, marksOf } from './marks'
import { keptProblem, noProblem, statusOf } from './submit'

/** A page that is one form. */
export type FormPage = {
  title: string
  fields: readonly Field[]
  values?: FormValues
  problem?: Problem
  /** What somebody else has changed meanwhile. */
  stale?: object
  /** Hidden values of its own, besides those that every form has. */
  marks?: Marks
  /** Where the form is sent; by default, the page’s own address. */
  action?: string
  /** Null for a page from which nothing can be sent. */
  button: string | null
  back?: { text: string; href: string }
  intro?: string
  isWarning?: boolean
  /** See `PageData`. */
  important?: string | null
  view?: string
  /** Banners by the `done` in the address. */
  notices?: Record<string, string>
  /** Anything else that the view shows. */
  more?: Record<string, unknown>
}

/** The data of a form, for a page that shows other things too. */
export function formData({
  fields,
  values = {},
  problem = noProblem,
  stale,
  important = null,
  ...rest
}: FormPage) {
  const filled: FilledField[] = fillFields(fields, values, problem.issues)
  return {
    ...rest,
    fields: filled,
    important: problem === keptProblem ? keptWords : important,
    summary: stale ? [] : summaryOf(filled, problem),
    stale,
  }
}

/** For a form with `keptProblem`. */
export const keptWords =
  'What you typed is here, but it is not saved yet. Check it, then press the button again.'

function dataOf(page: FormPage): PageData {
  return { ...formData(page), ...page.more, title: page.title }
}

const optionsOf = ({ problem = noProblem }: FormPage): PageOptions => ({ status: statusOf(problem) })

export function showForm(visit: Visit, page: FormPage): Promise<Response> {
  const marks = { ...marksOf(visit, page.fields, page.problem ?? noProblem), ...page.marks }
  return showPage(visit, page.view ?? 'form/page.njk', dataOf({ ...page, marks }), optionsOf(page))
}

export const showEntryForm = (entry: Entry, page: FormPage): Promise<Response> =>
  showEntry(entry, page.view ?? 'form/page.njk', dataOf(page), optionsOf(page))
