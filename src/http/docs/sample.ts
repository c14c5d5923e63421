import type { Json, JsonObject, Schema } from './types'
import { sampleValues } from './words'

/** Stands where no word of ours and nothing in the schema says what an example could be; a test finds it. */
export const unknownSample = '(no example)'

export const nameIn = ($ref: string) => $ref.slice($ref.lastIndexOf('/') + 1)

/** Makes example values that fit their schemas. */
export class Samples {
  readonly #schemas: Record<string, Schema>

  constructor(schemas: Record<string, Schema>) {
    this.#schemas = schemas
  }

  /** An example of the schema. `owners` are the names under which its fields are looked up, nearest first. */
  of(schema: Schema, owners: readonly string[] = [], field?: string): Json {
    const word = wordFor(owners, field)
    if (word !== undefined) return word
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

  /** An example of what has just been made: nothing where nothing need be and no word of ours says otherwise. */
  made(schema: Schema, owners: readonly string[]): JsonObject {
    const { properties = {} } = this.#schemas[nameIn(schema.$ref ?? '')] ?? schema
    const empty = Object.entries(properties).filter(
      ([name, property]) =>
        allowsNull(property) && !owners.some((owner) => `${owner}.${name}` in sampleValues),
    )
    return {
      ...(this.of(schema, owners) as JsonObject),
      ...Object.fromEntries(empty.map(([name]) => [name, null])),
    }
  }

  #object({ properties = {}, required = [] }: Schema, owners: readonly string[]): JsonObject {
    const shown = Object.entries(properties).filter(([name]) => required.includes(name))
    return Object.fromEntries(shown.map(([name, property]) => [name, this.of(property, owners, name)]))
  }
}

const allowsNull = ({ type, anyOf = [] }: Schema) =>
  [type].flat().includes('null') || anyOf.some((member) => member.type === 'null')

function wordFor(owners: readonly string[], field: string | undefined): Json | undefined {
  if (field === undefined) return undefined
  const key = [...owners.map((owner) => `${owner}.${field}`), field].find((name) => name in sampleValues)
  return key === undefined ? undefined : sampleValues[key]
}
