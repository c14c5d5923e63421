import Ajv2020 from 'ajv/dist/2020'
import addFormats from 'ajv-formats'
import type {
  ApiDocument,
  ApiResponse,
  MediaType,
  Operation,
  Parameter,
  Ref,
  Schema,
} from '../../src/http/docs/types'
import type { Json } from '../../src/lib/json'
import type { TestApp } from '../support/app'

export type Documented = { method: string; path: string; operation: Operation }

export const readDocument = async (app: TestApp): Promise<ApiDocument> =>
  (await app.send('GET', '/swagger/json')).body

export const operationsOf = ({ paths }: ApiDocument): Documented[] =>
  Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
    })),
  )

const lastPart = (ref: string) => ref.slice(ref.lastIndexOf('/') + 1)

export const parametersOf = ({ components }: ApiDocument, { parameters = [] }: Operation): Parameter[] =>
  parameters.map((one) =>
    '$ref' in one ? (components.parameters[lastPart(one.$ref)] as Parameter) : (one as Parameter),
  )

export const responseOf = ({ components }: ApiDocument, answer: ApiResponse | Ref): ApiResponse =>
  '$ref' in answer ? (components.responses[lastPart(answer.$ref)] as ApiResponse) : answer

/** The documented answer where all is well: its status and what it holds. */
export function successOf({ operation }: Documented): { status: number; answer: ApiResponse } {
  const [status, answer] = Object.entries(operation.responses).find(([name]) => name.startsWith('2')) ?? []
  return { status: Number(status), answer: answer as ApiResponse }
}

/** Every schema of an object that this one is made of. */
export function* objectSchemasOf(
  document: ApiDocument,
  schema: unknown,
  seen = new Set<string>(),
): Generator<Schema> {
  if (schema === null || typeof schema !== 'object') return
  const { $ref } = schema as Schema
  if ($ref !== undefined && !seen.has($ref)) {
    seen.add($ref)
    yield* objectSchemasOf(document, document.components.schemas[lastPart($ref)], seen)
  }
  if ((schema as Schema).type === 'object') yield schema as Schema
  for (const inner of Object.values(schema)) yield* objectSchemasOf(document, inner, seen)
}

/** Whether nothing may be added to an object. */
export const isClosed = ({ additionalProperties }: Schema) => additionalProperties === false

/** Every example of a media type, by the name it has or none. */
export const examplesOf = (media: MediaType): Json[] => {
  const several = Object.values(media.examples ?? {}).map(({ value }) => value)
  return media.example === undefined ? several : [media.example, ...several]
}

/** To clients answers are open; here a field that is not documented is a fault. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (schema === null || typeof schema !== 'object') return schema
  const inner = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]))
  const isRecord = inner.type === 'object' && inner.properties !== undefined
  return isRecord && !('additionalProperties' in inner) ? { ...inner, additionalProperties: false } : inner
}

/** Says in what way a value does not fit a schema of the document; nothing where it does. */
export function checker(document: ApiDocument, close = closed): (schema: Schema, value: unknown) => string {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats(ajv)
  ajv.addSchema(close({ $id: 'https://reeve.example/api', components: document.components }) as object)
  const compiled = new Map<string, ReturnType<typeof ajv.compile>>()
  return (schema, value) => {
    const text = JSON.stringify(schema).replaceAll('"#/', '"https://reeve.example/api#/')
    const validate = compiled.get(text) ?? ajv.compile(close(JSON.parse(text)) as object)
    compiled.set(text, validate)
    return validate(value) ? '' : ajv.errorsText(validate.errors)
  }
}
