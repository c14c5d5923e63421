import type { Visit } from '../../http/pages'
import { showPage } from '../page'
import { formatDay } from '../words'
import { type Field, type FilledField, type FormValues, fillFields } from './fields'

/** The value of a field in words; empty if it has none. */
export function textOf(field: FilledField): string {
  const { kind, value, values } = field
  if (kind === 'checkbox') return value === 'true' ? 'Yes' : 'No'
  if (kind === 'date' && value !== '') return formatDay(value, 'UTC')
  const options = 'options' in field ? field.options : []
  return values.map((one) => options.find((option) => option.value === one)?.text ?? one).join(', ')
}

/** The fields and their values in words. */
export const listFields = (fields: readonly Field[], values: FormValues): { label: string; text: string }[] =>
  fillFields(fields, values).map((field) => ({
    label: field.label,
    text: textOf(field) || (field.nothing ?? 'None'),
  }))

type ListedPage = {
  title: string
  fields: readonly Field[]
  current: FormValues
  view?: string
  intro?: string
  back?: { text: string; href: string } | undefined
  more?: Record<string, unknown>
}

/** The fields of a form and their values in words, for people who may look but not change. */
export function showListed(
  visit: Visit,
  { fields, current, view = 'form/listed.njk', more, ...page }: ListedPage,
): Promise<Response> {
  return showPage(visit, view, { ...page, ...more, rows: listFields(fields, current) })
}
