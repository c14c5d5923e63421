import { readBounded } from '../lib/body'
import { AppError, forbidden, shortName } from '../lib/errors'
import { isBadText } from '../lib/json'

const maxFormBytes = 262_144
const maxFields = 2_000
const formTimeoutMs = 30_000

/**
 * Refuses forms of other sites. Browsers say where a request comes from, and a page cannot make them lie. Without
 * `Sec-Fetch-Site`, as over plain HTTP, `Origin` must be this host.
 */
function assertOwnSite({ headers }: Request): void {
  const site = headers.get('sec-fetch-site')
  if (site === 'same-origin') return
  const origin = headers.get('origin')
  if (
    site === null &&
    origin !== null &&
    URL.canParse(origin) &&
    new URL(origin).host === headers.get('host')
  ) {
    return
  }
  throw forbidden('The form was sent from another site')
}

/** Compressed bodies are refused: a few bytes may become any amount. */
export function assertPlainBody({ headers }: Request): void {
  const encoding = headers.get('content-encoding')?.trim() ?? ''
  if (encoding === '' || encoding.toLowerCase() === 'identity') return
  const message = 'The body must not be compressed: send it without Content-Encoding'
  throw new AppError('unsupported_media_type', message, { contentEncoding: shortName(encoding) })
}

/** Reads a form of our own pages, within bounds of size, number of fields and time. */
export async function readForm(request: Request): Promise<URLSearchParams> {
  assertOwnSite(request)
  assertPlainBody(request)
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) {
    throw new AppError('unsupported_media_type', 'The form must be application/x-www-form-urlencoded')
  }
  const bytes = await readBounded(request.body, maxFormBytes, formTimeoutMs)
  const form = new URLSearchParams(new TextDecoder().decode(bytes))
  if (form.size > maxFields) throw new AppError('too_large', 'The form has too many fields')
  for (const [name, value] of form) {
    if (isBadText(name) || isBadText(value))
      throw new AppError('bad_request', 'The form is not well-formed text')
  }
  return form
}
