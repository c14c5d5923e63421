import type { Content, PluginOperation } from './types'

/** An operation as the plugin lists it, with the schemas that its route was declared with. */
export type Declared = {
  method: string
  path: string
  operation: PluginOperation
  operationId: string
  body: unknown
  /** What the answer is where it is a file. */
  file: Content | null
  query: Record<string, unknown>
  /** By status; null where the answer has no body. */
  responses: Record<string, unknown>
}

type Verb = {
  /** What the answer is where all is well. */
  answer: string
  /** What the body holds. */
  body?: string
  /** The answer is what was sent, as it is kept. */
  isEcho?: true
  /** Takes an `Idempotency-Key`. */
  isKeyed?: true
  /** Takes an `If-Match`. */
  isGuarded?: true
}

/** What operations do whose `operationId` begins with the word. */
export const verbs: Record<string, Verb> = {
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

/** What everybody may read or send, under the name of a council. */
export const isPublic = ({ path }: Declared) => path.startsWith('/public/')

/** What the operation is about, as its path says: `cases`. */
export function collectionOf(declared: Declared): string {
  const part = declared.path.split('/')[isPublic(declared) ? 3 : 2] ?? ''
  return part.replace(/\..*$/, '')
}

/** What the operation’s verb says of it. Only who sends a key names a request, and a state that is to be changed. */
export function verbTraits(declared: Declared): Verb {
  const { isKeyed, isGuarded, ...words } = verbs[verbOf(declared.operationId)] ?? unknownVerb
  if (!isApi(declared)) return words
  return { ...words, ...(isKeyed && { isKeyed }), ...(isGuarded && { isGuarded }) }
}

/** A file that is made anew for everybody who asks, and saved under a name. */
export const isExport = ({ operationId }: Declared) => verbOf(operationId) === 'export'

/** Makes something that has an address of its own from then on. */
export const isNew = (declared: Declared) => verbOf(declared.operationId) === 'create'

/** Whether a client that has the answer already is told so with 304. */
export const isConditional = (declared: Declared) =>
  declared.method === 'get' && (isApi(declared) || isPublic(declared)) && !isExport(declared)

/** Whether what is asked for may not be there: it is named in the path, or it is what lies at a point. */
export const mayBeMissing = ({ path, operationId }: Declared) =>
  path.includes('{') || /^get\w+At$/.test(operationId)

/** Whether the present state may not allow it: a `status` moves, or what is approved must wait for it. */
export function mayConflict({ operationId, body }: Declared): boolean {
  const { properties = {} } = (body ?? {}) as { properties?: object }
  const verb = verbOf(operationId)
  return verb === 'approve' || (verb === 'update' && 'status' in properties)
}
