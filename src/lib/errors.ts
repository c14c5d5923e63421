/** Every way a request or command can fail; `http/errors` maps them to status codes. */
export type ErrorKind =
  | 'bad_request'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'timeout'
  | 'conflict'
  | 'stale'
  | 'too_large'
  | 'unsupported_media_type'
  | 'misdirected'
  | 'unprocessable'
  | 'rate_limited'
  | 'unavailable'
  | 'internal'

export type ErrorDetails = Record<string, unknown>

/** What kind of fault an issue is, so that a page can word it without reading the message. */
export type IssueCode =
  | 'required' // missing, empty or blank
  | 'length' // of a text or a list
  | 'range' // of a number, a date or a time
  | 'order' // of two fields: `other` is the one it must follow
  | 'type'
  | 'format'
  | 'choice' // not one of the values that are allowed
  | 'unknown' // no such field or parameter
  | 'not_found' // an id that leads to nothing
  | 'taken' // by something else of its kind
  | 'personal' // data that must not be made public
  | 'misplaced' // goes only with something else, or only once
  | 'rule' // anything else that the rules of the house forbid

/**
 * One fault in what the caller sent; `path` is the parameter's or field's name, nested ones joined by dots. The message
 * continues that name (“Must not be empty”), except with `not_found` and `rule`, where it is a sentence. The API tells
 * `in`, `path` and `message` only.
 */
export type Issue = {
  in: 'query' | 'path' | 'body' | 'header'
  path: string
  message: string
  code: IssueCode
  /** The other field that the message names. */
  other?: string
}

export const maxIssues = 100

/** Shortens a name that the caller chose, so that it does not fill the answer. */
export const shortName = (name: string) => (name.length > 100 ? `${name.slice(0, 100)}…` : name)

/** `message` and `details` are for the caller; `cause` is for the log and is never sent. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly kind: ErrorKind
  readonly details: ErrorDetails

  constructor(kind: ErrorKind, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.kind = kind
    this.details = details
  }
}

export const badRequest = (message: string, details?: ErrorDetails) =>
  new AppError('bad_request', message, details)

/** Give every fault at once. */
export const invalid = (issues: Issue[]) => new AppError('bad_request', 'Invalid request', { issues })

export const forbidden = (message: string, details?: ErrorDetails) =>
  new AppError('forbidden', message, details)

export const notFound = (what = 'Resource') => new AppError('not_found', `${what} not found`)

export const conflict = (message: string, details?: ErrorDetails) =>
  new AppError('conflict', message, details)

/** `retryAfter` is in whole seconds. */
export const unavailable = (message: string, cause?: unknown, retryAfter = 2) =>
  new AppError('unavailable', message, { retryAfter }, cause)
