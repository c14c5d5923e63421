import { expect } from 'bun:test'
import { and, asc, eq } from 'drizzle-orm'
import { outboxEvents } from '../../src/core/outbox/table'
import type { Answer, SendOptions, TestApp } from '../support/app'
import type { Body, Holder } from './cases/support'

/** The calls that tests of a resource make, as the holder of a key. */
export function callerOf(app: TestApp, resource: string) {
  const send = (method: string, path: string, { key }: Holder, options: SendOptions = {}) =>
    app.send(method, `/api/${resource}${path}`, { key, ...options })
  const patch = (id: string, body: unknown, holder: Holder, headers: Record<string, string> = {}) =>
    send('PATCH', `/${id}`, holder, { body, headers })
  const post = (body: unknown, holder: Holder) => send('POST', '', holder, { body })
  const list = async (query: string, holder: Holder): Promise<Body[]> =>
    bodyOf(await send('GET', `?pageSize=100&${query}`, holder), 200)[resource]
  return {
    send,
    patch,
    post,
    list,
    get: (id: string, holder: Holder) => send('GET', `/${id}`, holder),
    approve: (ids: unknown, holder: Holder) => send('POST', '/approve', holder, { body: { ids } }),
    titles: async (query: string, holder: Holder): Promise<string[]> =>
      (await list(query, holder)).map(({ title }) => title),
    create: async (body: unknown, holder: Holder): Promise<Body> => bodyOf(await post(body, holder), 201),
    /** A change that must succeed. */
    change: async (id: string, body: unknown, holder: Holder): Promise<Body> =>
      bodyOf(await patch(id, body, holder), 200),
    tag: async (path: string, holder: Holder): Promise<string> =>
      (await send('GET', path, holder)).headers.get('etag') as string,
  }
}

function bodyOf({ status, body }: Answer, wanted: number): Body {
  expect([status, body?.details ?? null]).toEqual([wanted, null])
  return body
}

/** What the events of this name say of a thing, in order. */
export const toldOf = async ({ deps }: TestApp, id: string, event: string): Promise<Body[]> => {
  const rows = await deps.store.read
    .select({ data: outboxEvents.data })
    .from(outboxEvents)
    .where(and(eq(outboxEvents.entityId, id), eq(outboxEvents.event, event)))
    .orderBy(asc(outboxEvents.position))
  return rows.map(({ data }) => data)
}
