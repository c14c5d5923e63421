import { Instant } from '../../core/schema'
import type { Json } from '../../lib/json'
import type { Schema } from './types'

type Source = Record<string, unknown>

const isObject = (value: unknown): value is Source =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

/** Schemas are compared as text, because the framework may hand out copies. */
const textOf = (source: unknown) => JSON.stringify(source)

/** Converts route schemas for the document; those with a name become components. */
export class Components {
  readonly schemas: Record<string, Schema> = {}
  readonly #names = new Map<string, string>()
  readonly #sources = new Map<string, string>()

  name(source: unknown, name: string): void {
    const text = textOf(source)
    if (this.nameOf(source) === undefined) this.#names.set(text, name)
  }

  /** The given name, or else the schema's own title. */
  nameOf(source: unknown): string | undefined {
    const title = isObject(source) ? source.title : undefined
    return this.#names.get(textOf(source)) ?? (typeof title === 'string' ? title : undefined)
  }

  /** What is sent to us, as JSON Schema 2020-12; a reference if it has a name. */
  convert(source: unknown): Schema {
    return this.#convert(source, false)
  }

  /** Answers: fields may be added to them, so unlike requests they are open. */
  answer(source: unknown): Schema {
    return this.#convert(source, true)
  }

  #convert(source: unknown, isOpen: boolean): Schema {
    const name = this.nameOf(source)
    if (name === undefined) return this.#expand(source as Source, isOpen)
    const known = this.#sources.get(name)
    const meant = `${isOpen} ${textOf(source)}`
    if (known !== undefined && known !== meant) throw new Error(`Two schemas are named ${name}`)
    if (known === undefined) {
      this.#sources.set(name, meant)
      // Reserves its place first, so that components stay in the order in which they are met.
      this.schemas[name] = {}
      this.schemas[name] = { title: name, ...this.#expand(source as Source, isOpen) }
    }
    return { $ref: `#/components/schemas/${name}` }
  }

  #expand(source: Source, isOpen: boolean): Schema {
    const { anyOf, const: constant, properties, items, ...rest } = source
    const schema = { ...rest } as Schema
    if (isOpen && schema.additionalProperties === false) delete schema.additionalProperties
    if (constant !== undefined) schema.enum = [constant as Json]
    // Client generators know the format but not our pattern.
    if (rest.pattern === Instant.pattern) schema.format = 'date-time'
    if (isObject(properties)) {
      schema.properties = Object.fromEntries(
        Object.entries(properties).map(([name, property]) => [name, this.#convert(property, isOpen)]),
      )
    }
    if (isObject(items)) schema.items = this.#convert(items, isOpen)
    return Array.isArray(anyOf)
      ? union(
          schema,
          anyOf.map((member) => this.#convert(member, isOpen)),
        )
      : schema
  }
}

const isNull = ({ type }: Schema) => type === 'null'
const isWord = (schema: Schema) => schema.enum !== undefined && schema.type === 'string'

/** String literals become one `enum`, and `null` one more type if possible; anything else stays a union. */
function union(outer: Schema, members: Schema[]): Schema {
  const others = members.filter((member) => !isNull(member))
  const nullable = others.length < members.length
  const [only] = others
  if (others.length > 1 && others.every(isWord)) {
    const literals = { ...outer, type: 'string', enum: others.flatMap((member) => member.enum ?? []) }
    return nullable ? orNull(literals) : literals
  }
  if (nullable && others.length === 1 && only && typeof only.type === 'string') {
    return { ...orNull(only), ...outer }
  }
  return { ...outer, anyOf: members }
}

const orNull = (schema: Schema): Schema => ({
  ...schema,
  type: [schema.type as string, 'null'],
  ...(schema.enum ? { enum: [...schema.enum, null] } : {}),
})
