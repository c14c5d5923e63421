import type { Json } from '../../lib/json'

/** The parts of OpenAPI 3.1 that the document uses. */
export type Schema = {
  $ref?: string
  type?: string | string[]
  description?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  anyOf?: Schema[]
  enum?: Json[]
  default?: Json
  examples?: Json[]
  [keyword: string]: unknown
}

export type Example = { summary: string; value: Json }
export type MediaType = { schema: Schema; example?: Json; examples?: Record<string, Example> }
export type Content = { 'application/json': MediaType; [type: string]: MediaType }
export type Ref = { $ref: string }

export type Parameter = {
  name: string
  in: 'path' | 'query' | 'header'
  required?: boolean
  description?: string
  style?: 'form'
  explode?: boolean
  schema: Schema
}

export type Header = { description: string; schema: Schema; example?: Json }
export type ApiResponse = { description: string; headers?: Record<string, Ref>; content?: Content }

export type Operation = {
  operationId: string
  summary: string
  description: string
  tags: string[]
  'x-scope'?: string
  'x-plan'?: string
  security: Record<string, string[]>[]
  parameters?: (Parameter | Ref)[]
  requestBody?: { description: string; required: boolean; content: Content }
  responses: Record<string, ApiResponse | Ref>
}

export type Paths = Record<string, Record<string, Operation>>

export type Webhooks = Record<string, { post: Operation }>

export type ApiDocument = {
  openapi: string
  info: { title: string; version: string; description: string; [field: string]: unknown }
  servers: { url: string; description: string }[]
  security: Record<string, string[]>[]
  tags: { name: string; description: string }[]
  paths: Paths
  webhooks?: Webhooks
  components: {
    schemas: Record<string, Schema>
    responses: Record<string, ApiResponse>
    parameters: Record<string, Parameter>
    headers: Record<string, Header>
    securitySchemes: Record<string, Record<string, string>>
  }
}

/** The plugin's skeleton, which is completed. */
export type PluginDocument = { paths: Record<string, Record<string, PluginOperation>> }
export type PluginOperation = Partial<Omit<Operation, 'parameters'>> & {
  parameters?: (Parameter & { examples?: Json[] })[]
}

export type DeclaredRoute = { method: string; path: string; hooks: Record<string, unknown> }
