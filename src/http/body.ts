import { Elysia } from 'elysia'
import { sha256 } from '../lib/hash'
import { maxBodyBytes, parseJsonBody, readBounded } from '../lib/json'
import { stateOf } from './request-state'

const bodyTimeoutMs = 30_000

/** Reads the body of every route that takes one as strict JSON, bounded in size and time; nothing else is ever parsed. */
export const body = new Elysia({ name: 'body' }).onParse({ as: 'global' }, async ({ request }) => {
  if (!stateOf(request).route?.body) return null
  const bytes = await readBounded(request.body, maxBodyBytes, bodyTimeoutMs)
  if (request.headers.has('idempotency-key')) stateOf(request).bodyHash = sha256(bytes)
  return parseJsonBody(bytes)
})
