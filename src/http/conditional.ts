import type { Ctx } from '../core/ctx'
import { matchesWeakly, strongTag, weakTag } from '../lib/etag'
import { ctxOf, stateOf } from './request-state'

/**
 * Tag of a list, known without reading it: the tenant's revision, what the caller may see, the question, and what of
 * the time the answer depends on.
 * The revision was read with the key, so a tag never promises more than its answer holds.
 */
function listTag(ctx: Ctx, url: string, time: string | null): string {
  const { tenantId, revision, scopes, acting } = ctx
  const view = acting && [acting.id, acting.role, acting.wardIds]
  const target = url.slice(url.indexOf('/api/'))
  return weakTag(revision, tenantId, [...scopes].sort(), view, target, time)
}

const notModified = (etag: string) => new Response(null, { status: 304, headers: { etag } })

/** A list that the client has already, answered without reading it; undefined where it must be read. */
export async function unchangedList(request: Request, query: unknown): Promise<Response | undefined> {
  const state = stateOf(request)
  if (!state.route?.isList || request.method === 'POST') return undefined
  const ctx = ctxOf(request)
  const time = (await state.timed?.(ctx, query as Record<string, unknown>)) ?? null
  state.etag = listTag(ctx, request.url, time)
  const header = request.headers.get('if-none-match')
  // `*` would match a list that cannot be had at all.
  if (header === null || header.trim() === '*') return undefined
  return matchesWeakly(header, state.etag) ? notModified(state.etag) : undefined
}

/** The tag of what was read or changed, and the 304 in its place where the client has it already. */
export function tagOf(request: Request, json: string): { etag: string; unchanged: Response | null } {
  const etag = stateOf(request).etag ?? strongTag(json)
  const header = request.headers.get('if-none-match')
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  const isFresh = isRead && header !== null && matchesWeakly(header, etag)
  return { etag, unchanged: isFresh ? notModified(etag) : null }
}
