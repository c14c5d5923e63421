import { Instant } from '../../core/schema'
import type { Json } from '../../lib/json'
import type { Schema } from './types'

type Source = Record<string, unknown>

const isObject = (value: unknown): value is Source =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

/** Schemas are the same where they say the same: the framework may hand out copies. */
const textOf = (source: unknown) => JSON.stringify(source)

/** Turns the routes' schemas into those of the document; schemas that have a name become components. */
export class Components {
  readonly schemas: Record<string, Schema> = {}
  readonly #names = new Map<string, string>()
  readonly #sources = new Map<string, string>()

  name(source: unknown, name: string): void {
    const text = textOf(source)
    if (this.nameOf(source) === undefined) this.#names.set(text, name)
  }

  /** The name it was given, or the title that it brings. */
  nameOf(source: unknown): string | undefined {
    const title = isObject(source) ? source.title : undefined
    return this.#names.get(textOf(source)) ?? (typeof title === 'string' ? title : undefined)
  }

  /** The schema in the words of JSON Schema 2020-12: a reference where it has a name. */
  convert(source: unknown): Schema {
    const name = this.nameOf(source)
    if (name === undefined) return this.#expand(source as Source)
    const known = this.#sources.get(name)
    if (known !== undefined && known !== textOf(source)) throw new Error(`Two schemas are named ${name}`)
    if (known === undefined) {
      this.#sources.set(name, textOf(source))
      // Holds the place before the parts are converted, so that components stand in the order they are met.
      this.schemas[name] = {}
      this.schemas[name] = { title: name, ...this.#expand(source as Source) }
    }
    return { $ref: `#/components/schemas/${name}` }
  }

  #expand(source: Source): Schema {
    const { anyOf, const: constant, properties, items, ...rest } = source
    const schema = { ...rest } as Schema
    if (constant !== undefined) schema.enum = [constant as Json]
    // Generators of clients know the format, not our pattern.
    if (rest.pattern === Instant.pattern) schema.format = 'date-time'
    if (isObject(properties)) {
      schema.properties = Object.fromEntries(
        Object.entries(properties).map(([name, property]) => [name, this.convert(property)]),
      )
    }
    if (isObject(items)) schema.items = this.convert(items)
    return Array.isArray(anyOf)
      ? union(
          schema,
          anyOf.map((member) => this.convert(member)),
        )
      : schema
  }
}

const isNull = ({ type }: Schema) => type === 'null'
const isWord = (schema: Schema) => schema.enum !== undefined && schema.type === 'string'

/** Words become one `enum`, `null` one more type where that is possible; what is left stays a union. */
function union(outer: Schema, members: Schema[]): Schema {
  const others = members.filter((member) => !isNull(member))
  const nullable = others.length < members.length
  const [only] = others
  if (others.length > 1 && others.every(isWord)) {
    const words = { ...outer, type: 'string', enum: others.flatMap((member) => member.enum ?? []) }
    return nullable ? orNull(words) : words
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
