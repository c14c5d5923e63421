import type { Ctx } from '../../core/ctx'
import type { Visit } from '../../http/pages'
import { AppError, conflict } from '../../lib/errors'
import { sha256 } from '../../lib/hash'

const sentBefore =
  'You have sent this form before, when it said something else. Send it again if you want both'
const running = 'What you sent is being saved. Wait a moment, then send it again'

/** What a form holds so that it does its work once, however often it is sent; a new one after it has done it. */
export function onceKey({ ctx, form }: Visit, refusal: string | null): string {
  const key = form.get('once')
  return key === null || refusal === sentBefore ? ctx.newId() : key
}

/**
 * The `ctx` in which a form takes effect once: it is known by its word, under which it may not hold other `content` the next
 * time. Null where it has no word.
 */
export function onceCtx({ ctx, form, request }: Visit, content: string): Ctx | null {
  const word = form.get('once') ?? ''
  if (!/^[a-z0-9]{20,40}$/.test(word)) return null
  const fingerprint = sha256(JSON.stringify([new URL(request.url).pathname, content]))
  return { ...ctx, idempotency: { key: `form ${word}`, fingerprint, isReplayed: false } }
}

/** Does what a form asks for, or, where it was sent before as it is, answers as it did then. */
export async function doOnce<T>(visit: Visit, work: (ctx: Ctx) => Promise<T>): Promise<T> {
  const once = onceCtx(visit, visit.form.toString())
  if (once === null) return work(visit.ctx)
  try {
    return await work(once)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.kind === 'unprocessable') throw conflict(sentBefore)
    if (error.kind === 'conflict') throw conflict(running)
    throw error
  }
}
