import { Elysia, ParseError, ValidationError } from 'elysia'
import { storeFault } from '../db/faults'
import { AppError, type ErrorDetails, type ErrorKind, type Issue, notFound, unavailable } from '../lib/errors'
import type { Log } from '../lib/log'
import { stateOf } from './request-state'

const statuses: Record<ErrorKind, number> = {
  bad_request: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  timeout: 408,
  conflict: 409,
  stale: 412,
  too_large: 413,
  unsupported_media_type: 415,
  misdirected: 421,
  unprocessable: 422,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
}

/** Unknown errors become `internal`. */
function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (error instanceof ParseError && error.cause instanceof AppError) return error.cause
  if (error instanceof ValidationError && error.type === 'response') {
    // Its message repeats the value, which may be personal data, so only paths are logged.
    const paths = error.all.map((fault) => ('path' in fault ? fault.path : '')).join(', ')
    return new AppError('internal', `The answer does not fit its schema at ${paths}`)
  }
  if (error !== null && typeof error === 'object' && 'code' in error && error.code === 'NOT_FOUND')
    return notFound()
  const fault = storeFault(error)
  return fault ? unavailable(fault, error) : new AppError('internal', 'Unexpected error', {}, error)
}

function headersFor({ kind, details }: AppError): Record<string, string> {
  if (kind === 'unauthenticated') return { 'www-authenticate': 'Bearer realm="reeve"' }
  if (kind === 'method_not_allowed') return { allow: String(details.allow) }
  if (details.retryAfter !== undefined) return { 'retry-after': String(details.retryAfter) }
  // The rest of an unread body must not be taken for the next request.
  if (kind === 'timeout' || kind === 'too_large') return { connection: 'close' }
  return {}
}

/** Shows errors as pages, for paths that begin with `under`. */
export type ErrorPages = {
  under: string
  show: (error: AppError, status: number, request: Request) => Promise<Response>
}

/** The code of an issue is for our own pages only. */
const publicDetails = ({ issues, ...details }: ErrorDetails): ErrorDetails =>
  issues === undefined
    ? details
    : {
        ...details,
        issues: (issues as Issue[]).map(({ in: part, path, message }) => ({ in: part, path, message })),
      }

/** A deliberate refusal of too much work needs no stack trace. */
function report(error: AppError, requestId: string, log: Log): void {
  if (error.kind === 'unavailable' && error.cause === undefined) log.warn(error.message, { requestId })
  else log.error(error.message, { requestId, error })
}

/** JSON `{error, details}`; an internal error reveals only the request id. */
export function errorResponse(thrown: unknown, requestId: string, log: Log): Response {
  const error = toAppError(thrown)
  const status = statuses[error.kind]
  if (status >= 500) report(error, requestId, log)
  const body =
    error.kind === 'internal'
      ? { error: 'Internal server error', details: { requestId } }
      : { error: error.message, details: publicDetails(error.details) }
  return Response.json(body, { status, headers: headersFor(error) })
}

/** Falls back to JSON if the page cannot be made. */
async function errorPage(thrown: unknown, request: Request, pages: ErrorPages, log: Log): Promise<Response> {
  const error = toAppError(thrown)
  const status = statuses[error.kind]
  const { id: requestId } = stateOf(request)
  try {
    const page = await pages.show(error, status, request)
    if (status >= 500) report(error, requestId, log)
    // Browsers would show a sign-in dialog of their own.
    const { 'www-authenticate': _, ...headers } = headersFor(error)
    for (const [name, value] of Object.entries(headers)) page.headers.set(name, value)
    return page
  } catch (fault) {
    log.error('an error page could not be made', { requestId, error: fault })
    return errorResponse(thrown, requestId, log)
  }
}

/** Must be the first plugin: routes registered before it are not covered. */
export const errors = (log: Log, pages?: ErrorPages) =>
  // `async`, because Elysia recognises by the keyword that it has to wait.
  new Elysia({ name: 'errors' }).onError({ as: 'global' }, async ({ error, request }) => {
    const { id, path } = stateOf(request)
    const isPage = pages && (path === pages.under || path.startsWith(`${pages.under}/`))
    return isPage ? errorPage(error, request, pages, log) : errorResponse(error, id, log)
  })
