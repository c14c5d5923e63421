import { matchesWeakly, strongTag } from '../lib/etag'

/** What is public may be kept by anybody for a minute: no longer, since it may be taken back. */
const cacheControl = 'public, max-age=60'

type Known = { type: string; changedAt: Date; now: Date }

/**
 * An answer that everybody may have, with its tag and when what it holds last changed; 304 where the client has it. A
 * change of this very second is not dated: another could follow that has the same date.
 */
export function answerPublicly(request: Request, { text, ...known }: Known & { text: string }): Response {
  const { headers, unchanged } = unchangedAnswer(request, { ...known, tagged: text })
  return unchanged ?? new Response(text, { headers })
}

/** The headers of such an answer, whose tag is made of `tagged`, and the 304 in its place where the client has it. */
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
  return { headers, unchanged: isUnchanged ? new Response(null, { status: 304, headers }) : undefined }
}

const seconds = (instant: Date) => Math.floor(instant.getTime() / 1_000)

/** By the tag where the client sends one, else by the date (RFC 9110, 13.2.2). */
function isFresh(headers: Headers, etag: string, changedAt: Date | null): boolean {
  const tags = headers.get('if-none-match')
  if (tags !== null) return matchesWeakly(tags, etag)
  const since = Date.parse(headers.get('if-modified-since') ?? '')
  return changedAt !== null && !Number.isNaN(since) && seconds(changedAt) * 1_000 <= since
}
