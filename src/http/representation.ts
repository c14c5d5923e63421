import { Elysia } from 'elysia'
import { tagSource } from '../core/precondition'
import type { Pagination } from '../lib/page'
import { tagOf } from './conditional'
import { linkHeader } from './link'
import { stateOf } from './request-state'

const json = { 'content-type': 'application/json;charset=utf-8' }

/** Serialises answers as JSON, once, and adds ETag, links and the idempotency header. */
export const representation = new Elysia({ name: 'representation' }).mapResponse(
  { as: 'global' },
  ({ request, responseValue, set }) => {
    const { ctx } = stateOf(request)
    if (ctx === null || responseValue === null || typeof responseValue !== 'object') return undefined
    if (responseValue instanceof Response) return undefined
    const text = JSON.stringify(responseValue)
    const headers = new Headers(json)
    const source = tagSource(responseValue)
    // The answer to a POST is rarely what can be read afterwards, so that must be said.
    if (request.method !== 'POST' || source !== undefined) {
      const isOwn = source === undefined || source === responseValue
      const { etag, unchanged } = tagOf(request, isOwn ? text : JSON.stringify(source))
      if (unchanged) return unchanged
      headers.set('etag', etag)
    }
    for (const name of ['location', 'cache-control']) {
      const value = set.headers[name]
      if (value !== undefined) headers.set(name, String(value))
    }
    if ('pagination' in responseValue) {
      headers.set('link', linkHeader(request.url, responseValue.pagination as Pagination))
    }
    if (ctx.idempotency?.isReplayed) headers.set('idempotent-replayed', 'true')
    return new Response(text, { status: typeof set.status === 'number' ? set.status : 200, headers })
  },
)
