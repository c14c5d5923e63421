import type { TenantRow } from '../core/tenants/table'
import { namesTag, strongTag } from '../lib/etag'

export const jsonType = 'application/json;charset=utf-8'

/** A minute at most: what is published may be withdrawn. */
const cacheControl = 'public, max-age=60'

type Known = { type: string; changedAt: Date; now: Date }

/** The newest of these instants and the last change of the council’s settings, such as its name. */
export const latest = ({ updatedAt }: TenantRow, ...instants: (Date | null)[]) =>
  new Date(Math.max(updatedAt.getTime(), ...instants.map((instant) => instant?.getTime() ?? 0)))

/**
 * A public answer with `ETag` and `Last-Modified`; 304 if the client has it already. A change made in this second gets
 * no date: another could follow with the same one.
 */
export function answerPublicly(request: Request, { text, ...known }: Known & { text: string }): Response {
  const { headers, unchanged } = unchangedAnswer(request, { ...known, tagged: text })
  return unchanged ?? new Response(text, { headers })
}

/** The headers alone, for answers that are streamed: the `ETag` is made from `tagged`. */
export function unchangedAnswer(
  request: Request,
  { type, changedAt, now, tagged }: Known & { tagged: string },
): { headers: Record<string, string>; unchanged: Response | undefined } {
  const etag = strongTag(tagged)
  const isDated = seconds(changedAt) < seconds(now)
  const headers: Record<string, string> = {
    'content-type': type,
    'cache-control': cacheControl,
    vary: 'Accept-Encoding',
    etag,
    ...(isDated ? { 'last-modified': changedAt.toUTCString() } : {}),
  }
  const isUnchanged = isFresh(request.headers, etag, isDated ? changedAt : null)
  return { headers, unchanged: isUnchanged ? notModified(headers) : undefined }
}

/** Of nothing there is no type. */
function notModified({ 'content-type': _, ...headers }: Record<string, string>): Response {
  return new Response(null, { status: 304, headers })
}

const seconds = (instant: Date) => Math.floor(instant.getTime() / 1_000)

/** The tag takes precedence over the date (RFC 9110, 13.2.2). */
function isFresh(headers: Headers, etag: string, changedAt: Date | null): boolean {
  const tags = headers.get('if-none-match')
  if (tags !== null) return namesTag(tags, etag)
  const since = Date.parse(headers.get('if-modified-since') ?? '')
  return changedAt !== null && !Number.isNaN(since) && seconds(changedAt) * 1_000 <= since
}
