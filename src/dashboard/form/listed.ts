import { formatDay } from '../words'
import { type Field, type FilledField, type FormValues, fillFields } from './fields'

/** What a field holds, in words; empty where it holds nothing. */
export function textOf(field: FilledField): string {
  const { kind, value, values } = field
  if (kind === 'checkbox') return value === 'true' ? 'Yes' : 'No'
  if (kind === 'date' && value !== '') return formatDay(value, 'UTC')
  const options = 'options' in field ? field.options : []
  return values.map((one) => options.find((option) => option.value === one)?.text ?? one).join(', ')
}

/** The fields and what they hold, in words, for who may look and not change. */
export const listFields = (fields: readonly Field[], values: FormValues): { label: string; text: string }[] =>
  fillFields(fields, values).map((field) => ({
    label: field.label,
    text: textOf(field) || (field.nothing ?? 'None'),
  }))
