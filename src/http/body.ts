import { Elysia } from 'elysia'
import { readBounded } from '../lib/body'
import { sha256 } from '../lib/hash'
import { maxBodyBytes, parseJsonBody } from '../lib/json'
import { stateOf } from './request-state'

const bodyTimeoutMs = 30_000

/** Parses bodies as strict JSON, limited in size and time, on routes that take one; no other body is ever parsed. */
export const body = new Elysia({ name: 'body' }).onParse({ as: 'global' }, async ({ request }) => {
  if (!stateOf(request).route?.body) return null
  const bytes = await readBounded(request.body, maxBodyBytes, bodyTimeoutMs)
  if (request.headers.has('idempotency-key')) stateOf(request).bodyHash = sha256(bytes)
  return parseJsonBody(bytes)
})
