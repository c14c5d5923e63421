import type { Idempotency } from '../core/ctx'
import type { Issue } from '../lib/errors'
import { sha256 } from '../lib/hash'
import { stateOf } from './request-state'

/** 1 to 255 printable characters, bare or quoted; no commas, because two headers arrive joined by one. */
const bareForm = /^[\x21\x23-\x2b\x2d-\x7e]{1,255}$/
const quotedForm = /^"([\x20\x21\x23-\x7e]{1,255})"$/

const isUsed = ({ method, headers }: Request) => method === 'POST' && headers.has('idempotency-key')

function keyOf(request: Request): string | undefined {
  const header = request.headers.get('idempotency-key') ?? ''
  return quotedForm.exec(header)?.[1] ?? bareForm.exec(header)?.[0]
}

/** Only POST requests use the header. */
export function idempotencyIssues(request: Request): Issue[] {
  if (!isUsed(request) || keyOf(request) !== undefined) return []
  const message = 'Must be one key of 1 to 255 printable characters without commas'
  return [{ in: 'header', path: 'Idempotency-Key', code: 'format', message }]
}

/** The fingerprint tells whether a repeated key belongs to the same request. */
export function idempotencyOf(request: Request): Idempotency | null {
  const key = isUsed(request) ? keyOf(request) : undefined
  if (key === undefined) return null
  const { url, method } = request
  const { bodyHash } = stateOf(request)
  const target = url.slice(url.indexOf('/api/'))
  return { key, fingerprint: sha256(JSON.stringify([method, target, bodyHash])), isReplayed: false }
}
