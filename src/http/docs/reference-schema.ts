import type { Json } from '../../lib/json'
import { type Html, html } from './html'
import type { Schema } from './types'

const typeNames: Record<string, string> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  array: 'list',
  object: 'object',
  null: 'null',
}

const valueCode = (value: Json): Html =>
  html`<code>${typeof value === 'string' ? value : JSON.stringify(value)}</code>`

const joined = (parts: readonly Html[], between: string): Html =>
  html`${parts.map((part, i) => (i === 0 ? part : html`${between}${part}`))}`

/** A link to a component, or the schema itself. */
export function schemaName(schema: Schema): Html {
  if (schema.$ref === undefined) return schemaDetails(schema)
  const name = schema.$ref.split('/').at(-1) ?? ''
  return html`<a href="#schema-${name}">${name}</a>`
}

function bounds({ minimum, maximum, maxLength, maxItems }: Schema): string {
  const numbers = minimum !== undefined && maximum !== undefined ? `, ${minimum} to ${maximum}` : ''
  const most = maxLength === undefined ? maxItems : maxLength
  return numbers || (most === undefined ? '' : `, at most ${most}`)
}

export function schemaDetails(schema: Schema): Html {
  if (schema.$ref !== undefined) return schemaName(schema)
  if (schema.anyOf) return joined(schema.anyOf.map(schemaDetails), ' or ')
  const fallback = schema.default === undefined ? null : html`, else ${valueCode(schema.default)}`
  if (schema.enum) return html`${joined(schema.enum.map(valueCode), ', ')}${fallback}`
  const types = [schema.type ?? 'any value'].flat()
  const orNull = types.includes('null') ? ' or null' : ''
  if (schema.items) return html`list of ${schemaDetails(schema.items)}${bounds(schema)}${orNull}`
  if (schema.properties) return html`${fieldsOf(schema.properties)}${orNull}`
  const names = types.map((type) => (type === 'string' && isInstant(schema) ? 'instant' : nameOf(type)))
  return html`${names.join(' or ')}${bounds(schema)}${fallback}`
}

const nameOf = (type: string) => typeNames[type] ?? type
const isInstant = ({ format }: Schema) => format === 'date-time'

function fieldsOf(properties: Record<string, Schema>): Html {
  const fields = Object.entries(properties).map(
    ([name, property]) => html`<code>${name}</code> (${schemaDetails(property)})`,
  )
  return html`object of ${joined(fields, ', ')}`
}
