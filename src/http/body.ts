import { Elysia } from 'elysia'
import { maxBodyBytes, parseJsonBody, readBounded } from '../lib/json'

const bodyTimeoutMs = 30_000

/** Reads every body as strict JSON, bounded in size and time; nothing else is ever parsed. */
export const body = new Elysia({ name: 'body' }).onParse({ as: 'global' }, async ({ request }) =>
  parseJsonBody(await readBounded(request.body, maxBodyBytes, bodyTimeoutMs)),
)
