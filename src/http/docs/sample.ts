import type { Json, JsonObject } from '../../lib/json'
import type { Schema } from './types'

/** Used if neither our texts nor the schema offer an example; a test makes sure that it never is. */
export const unknownSample = '(no example)'

const nameIn = ($ref: string) => $ref.slice($ref.lastIndexOf('/') + 1)

export class Samples {
  readonly #schemas: Record<string, Schema>
  readonly #values: Record<string, Json>

  /** `values` are found by `owner.field`, then by `field`. */
  constructor(schemas: Record<string, Schema>, values: Record<string, Json>) {
    this.#schemas = schemas
    this.#values = values
  }

  /** The value under the first of these names that has one. */
  value(names: readonly string[]): Json | undefined {
    const name = names.find((one) => one in this.#values)
    return name === undefined ? undefined : this.#values[name]
  }

  /** `owners` are the names under which its fields are looked up, nearest first. */
  of(schema: Schema, owners: readonly string[] = [], field?: string): Json {
    if (field !== undefined) {
      const value = this.value([...owners.map((owner) => `${owner}.${field}`), field])
      if (value !== undefined) return value
    }
    if (schema.$ref !== undefined) {
      const name = nameIn(schema.$ref)
      return this.of(this.#schemas[name] ?? {}, [...(field === undefined ? owners : []), name])
    }
    const given = schema.examples?.[0] ?? schema.default ?? schema.enum?.[0]
    if (given !== undefined) return given
    const [member] = schema.anyOf ?? []
    if (member) return this.of(member, owners, field)
    if (schema.properties) return this.#object(schema, field === undefined ? owners : [field])
    if (schema.items) return [this.of(schema.items, field === undefined ? [] : [field])]
    return unknownSample
  }

  /** An example of something just created: optional fields are null unless they have a value of their own. */
  made(schema: Schema, owners: readonly string[]): JsonObject {
    const { properties = {} } = this.#schemas[nameIn(schema.$ref ?? '')] ?? schema
    const empty = Object.entries(properties).filter(
      ([name, property]) =>
        allowsNull(property) && this.value(owners.map((owner) => `${owner}.${name}`)) === undefined,
    )
    return {
      ...(this.of(schema, owners) as JsonObject),
      ...Object.fromEntries(empty.map(([name]) => [name, null])),
    }
  }

  #object({ properties = {}, required = [] }: Schema, owners: readonly string[]): JsonObject {
    const requiredFields = Object.entries(properties).filter(([name]) => required.includes(name))
    return Object.fromEntries(
      requiredFields.map(([name, property]) => [name, this.of(property, owners, name)]),
    )
  }
}

const allowsNull = ({ type, anyOf = [] }: Schema) =>
  [type].flat().includes('null') || anyOf.some((member) => member.type === 'null')
