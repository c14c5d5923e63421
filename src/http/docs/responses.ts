import type { DocumentDecoration } from 'elysia'
import type { Schema } from './types'

type Responses = DocumentDecoration['responses']

/** Documents the fields of an answer that the route does not validate. */
export const documentedJson = (properties: Record<string, Schema>) => {
  const schema = { type: 'object', required: Object.keys(properties), properties }
  const answer = { description: 'The answer', content: { 'application/json': { schema } } }
  // The framework's types are those of OpenAPI 3.0, which has no lists of types.
  return { 200: answer } as unknown as Responses
}

/** Documents a file, by media type; files are streamed, so the route does not validate them. */
export const documentedFile = (forms: Record<string, { schema: unknown; example?: string }>) =>
  ({ 200: { description: 'The file', content: forms } }) as unknown as Responses
