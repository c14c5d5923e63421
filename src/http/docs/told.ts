import type { DocumentDecoration } from 'elysia'
import type { Schema } from './types'

/** For the document alone: the fields of an answer that is too small to be checked. */
export const told = (properties: Record<string, Schema>) => {
  const schema = { type: 'object', required: Object.keys(properties), properties }
  const answer = { description: 'The answer', content: { 'application/json': { schema } } }
  // The framework's types are those of OpenAPI 3.0, which has no lists of types.
  return { 200: answer } as unknown as DocumentDecoration['responses']
}

/** For the document alone: the forms of an answer that is a file, which is sent unchecked. */
export const toldFile = (forms: Record<string, { schema: unknown; example?: string }>) =>
  ({ 200: { description: 'The file', content: forms } }) as unknown as DocumentDecoration['responses']
