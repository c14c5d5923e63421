import type { Ctx } from '../../core/ctx'
import { keptField, ownerField } from '../../core/sessions/kept-forms.service'
import type { Visit } from '../../http/pages'
import { AppError, conflict } from '../../lib/errors'
import { sha256 } from '../../lib/hash'
import type { Problem } from './fields'

const sentBefore = 'You have already sent this form with different answers. Send it again if you want both'
const running = 'What you sent is being saved. Wait a moment, then send it again'

/** A hidden value by which a form takes effect once, however often it is sent; a new one after it has taken effect. */
export function onceKey({ ctx, form }: Visit, { message, isStale }: Problem): string {
  const key = form.get('once')
  return key === null || isStale || message === sentBefore ? ctx.newId() : key
}

/** The `ctx` in which a form takes effect once: its key may not come again with other `content`. Null if it has no key. */
export function onceCtx({ ctx, form, request }: Visit, content: string): Ctx | null {
  const key = form.get('once') ?? ''
  if (!/^[a-z0-9]{20,40}$/.test(key)) return null
  const fingerprint = sha256(JSON.stringify([new URL(request.url).pathname, content]))
  return { ...ctx, idempotency: { key: `form ${key}`, fingerprint, isReplayed: false } }
}

/** What somebody entered, and what the page said about it; without the marks that differ each time it is shown. */
const contentOf = ({ form }: Visit): string =>
  JSON.stringify([...form].filter(([name]) => name !== ownerField && name !== keptField))

/** Does the work of a form; if the same form was sent before, gives the answer that it got then. */
export async function doOnce<T>(visit: Visit, work: (ctx: Ctx) => Promise<T>): Promise<T> {
  const once = onceCtx(visit, contentOf(visit))
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
