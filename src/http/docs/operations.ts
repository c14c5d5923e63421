import { isInPlan, isScope, type Plan, planScopes, plans } from '../../core/scopes'
import type { Json } from '../../lib/json'
import { responsesOf } from './answers'
import { requestHeaders } from './headers'
import type { Samples } from './sample'
import type { Components } from './schemas'
import { collectionOf, type Declared, verbTraits } from './traits'
import type { Operation, Parameter, Ref } from './types'

const planNames: Record<Plan, string> = { free: 'Free', pro: 'Pro', council: 'Council' }

const firstPlan = plans.find((plan) => planScopes[plan].length > 0) ?? ''

function conditions(scope: string | undefined): string {
  if (scope === undefined) return 'Needs no key and does not count towards a key’s limit.'
  const need = isScope(scope) ? `a key with the scope \`${scope}\`` : 'any valid key'
  const within = plans.filter((plan) => (isScope(scope) ? isInPlan(scope, plan) : plan !== 'free'))
  const names = within.map((plan) => planNames[plan])
  const owner = names.length > 1 ? `plans ${names.join(' and ')}` : `plan ${names[0]}`
  const count = 'counts as one of the key’s requests, 100 a minute by default'
  return `Needs ${need} (${owner}); ${count}.`
}

type Sources = { components: Components; samples: Samples; meanings: Record<string, string> }

function parametersOf(declared: Declared, { components, samples, meanings }: Sources): (Parameter | Ref)[] {
  const own = (declared.operation.parameters ?? []).map((parameter): Parameter => {
    const { name, in: place, required } = parameter
    const { description, ...schema } = components.convert(declared.query[name] ?? parameter.schema)
    const isList = schema.type === 'array'
    const own = [`${declared.operationId}.${name}`, `${collectionOf(declared)}.${name}`]
    const meaning = [...own, name].map((key) => meanings[key]).find((text) => text !== undefined)
    const text = meaning ?? description ?? name
    const example = samples.value([...own, `path.${name}`]) ?? name
    return {
      name,
      in: place,
      required: required === true,
      description: isList ? `${text}. Repeat it or use commas for several values.` : `${text}.`,
      ...(isList ? { style: 'form', explode: false } : {}),
      schema: place === 'path' ? { ...schema, examples: [example] } : schema,
    }
  })
  const headers = Object.entries(requestHeaders).filter(([, { isTaken }]) => isTaken(declared))
  return [...own, ...headers.map(([name]) => ({ $ref: `#/components/parameters/${name}` }))]
}

/** The operation with everything a client needs to know about it. */
export function completeOperation(declared: Declared, sources: Sources): Operation {
  const { components, samples } = sources
  const { operation, operationId, body } = declared
  const scope = operation['x-scope']
  const bodySchema = body ? components.convert(body) : undefined
  const sent = bodySchema && samples.of(bodySchema)
  return {
    operationId,
    summary: operation.summary ?? operationId,
    description: [operation.description, conditions(scope)].filter(Boolean).join('\n\n'),
    tags: operation.tags ?? [],
    ...(scope === undefined ? {} : { 'x-scope': scope }),
    ...(scope === undefined ? {} : { 'x-plan': operation['x-plan'] ?? firstPlan }),
    security: operation.security ?? [],
    parameters: parametersOf(declared, sources),
    ...(bodySchema
      ? {
          requestBody: {
            description: verbTraits(declared).body ?? '',
            required: true,
            content: { 'application/json': { schema: bodySchema, example: sent as Json } },
          },
        }
      : {}),
    responses: responsesOf(declared, components, samples, sent),
  }
}
