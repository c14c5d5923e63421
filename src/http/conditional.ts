import type { Ctx } from '../core/ctx'
import { namesTag, strongTag, weakTag } from '../lib/etag'
import { ctxOf, stateOf } from './request-state'

/**
 * Computed without reading the list, from the council's revision, what the caller may see, the request, and the part of the time
 * that the answer depends on. The revision is read with the key, before the list, so the tag is never newer than the answer.
 */
function listTag(ctx: Ctx, url: string, time: string | null): string {
  const { tenantId, revision, scopes, acting } = ctx
  const view = acting && [acting.id, acting.role, acting.wardIds]
  const target = url.slice(url.indexOf('/api/'))
  return weakTag(revision, tenantId, [...scopes].sort(), view, target, time)
}

const notModified = (etag: string) => new Response(null, { status: 304, headers: { etag } })

/** Answers 304 without reading the list if the client's copy is current; undefined if it must be read. */
export async function unchangedList(request: Request, query: unknown): Promise<Response | undefined> {
  const state = stateOf(request)
  if (!state.route?.isList || request.method === 'POST') return undefined
  const ctx = ctxOf(request)
  const time = (await state.timed?.(ctx, query as Record<string, unknown>)) ?? null
  state.etag = listTag(ctx, request.url, time)
  const header = request.headers.get('if-none-match')
  // `*` would match even a list that the caller may not read.
  if (header === null || header.trim() === '*') return undefined
  return namesTag(header, state.etag) ? notModified(state.etag) : undefined
}

/** `unchanged` is a 304 if the client's copy is current. */
export function tagOf(request: Request, json: string): { etag: string; unchanged: Response | null } {
  const etag = stateOf(request).etag ?? strongTag(json)
  const header = request.headers.get('if-none-match')
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  const isFresh = isRead && header !== null && namesTag(header, etag)
  return { etag, unchanged: isFresh ? notModified(etag) : null }
}
