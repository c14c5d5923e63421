import type { Content, PluginOperation } from './types'

/** An operation as listed by the plugin, with the schemas from its route. */
export type Declared = {
  method: string
  path: string
  operation: PluginOperation
  operationId: string
  body: unknown
  /** Set if the answer is a file. */
  file: Content | null
  query: Record<string, unknown>
  /** By status; null if the answer has no body. */
  responses: Record<string, unknown>
  /** A GET route shows what the answer shows. */
  isReadable: boolean
}

type Verb = {
  /** The successful answer. */
  answer: string
  /** The request body. */
  body?: string
  /** The answer repeats what was sent, as it was stored. */
  isEcho?: true
  /** Takes an `Idempotency-Key`. */
  isKeyed?: true
  /** Takes an `If-Match`. */
  isGuarded?: true
}

/** Traits of operations by the first word of their `operationId`. */
const verbs: Record<string, Verb> = {
  list: { answer: 'The requested part of the list.' },
  get: { answer: 'What you asked for.' },
  verify: { answer: 'Whether everything is intact.' },
  search: {
    answer: 'The requested part of what was found.',
    body: 'What to find; every field must match.',
  },
  track: { answer: 'What was found.', body: 'What to find, with the secret that allows it.' },
  export: { answer: 'The file, as a stream.' },
  create: {
    answer: 'What was created.',
    body: 'The fields of what to create; any left out get their defaults.',
    isEcho: true,
    isKeyed: true,
  },
  update: {
    answer: 'What was changed, as it is now.',
    body: 'The fields to change: any left out stay the same, and `null` clears one.',
    isEcho: true,
    isGuarded: true,
  },
  delete: { answer: 'It has been deleted; no body.', isGuarded: true },
  approve: {
    answer: 'How many this request approved.',
    body: 'What to approve, all or none.',
    isKeyed: true,
  },
  test: { answer: 'What has been queued.', isKeyed: true },
  rotate: { answer: 'What was changed, with its new secret.', isKeyed: true },
  replay: { answer: 'What was queued again.', body: 'What to send again.', isKeyed: true },
}

export const verbOf = (operationId: string) => /^[a-z]+/.exec(operationId)?.[0] ?? ''

const unknownVerb: Verb = { answer: 'The answer.', body: 'The request.' }

export const isApi = ({ path }: Declared) => path.startsWith('/api/')

/** Routes below the name of a council, which need no key. */
export const isPublic = ({ path }: Declared) => path.startsWith('/public/')

/** Taken from the path, such as `cases`. */
export function collectionOf(declared: Declared): string {
  const part = declared.path.split('/')[isPublic(declared) ? 3 : 2] ?? ''
  return part.replace(/\..*$/, '')
}

/** Only requests with a key can be named by `Idempotency-Key` or guarded by `If-Match`. */
export function verbTraits(declared: Declared): Verb {
  const { isKeyed, isGuarded, ...words } = verbs[verbOf(declared.operationId)] ?? unknownVerb
  if (!isApi(declared)) return words
  return { ...words, ...(isKeyed && { isKeyed }), ...(isGuarded && { isGuarded }) }
}

/** Exports are made for each request and saved under a name. */
export const isExport = ({ operationId }: Declared) => verbOf(operationId) === 'export'

/** Creates something with its own address. */
export const isNew = (declared: Declared) => verbOf(declared.operationId) === 'create'

/** Answers 304 if the client has the answer already. */
export const isConditional = (declared: Declared) =>
  declared.method === 'get' && (isApi(declared) || isPublic(declared)) && !isExport(declared)

/** Named in the path, or found at a point. */
export const mayBeMissing = ({ path, operationId }: Declared) =>
  path.includes('{') || /^get\w+At$/.test(operationId)

/** A `status` changes, or something is approved. */
export function mayConflict({ operationId, body }: Declared): boolean {
  const { properties = {} } = (body ?? {}) as { properties?: object }
  const verb = verbOf(operationId)
  return verb === 'approve' || (verb === 'update' && 'status' in properties)
}
