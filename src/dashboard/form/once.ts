import type { Ctx, Idempotency } from '../../core/ctx'
import { keptField, ownerField } from '../../core/sessions/kept-forms.service'
import type { Visit } from '../../http/pages'
import { AppError, conflict } from '../../lib/errors'
import { sha256 } from '../../lib/hash'
import { letOthersWrite } from '../../lib/slices'
import type { Problem } from './fields'

const sentBefore =
  'You have already sent this form, with other answers. Press the button again if you want to send these too'
const sentTwice = 'You have already sent exactly this. Press the button again if you want it twice'
const running = 'What you sent is being saved. Wait a moment, then send it again'

/** Hidden fields: the key that makes a form take effect once, and whether its author wants the same again. */
export const onceField = 'once'
const twiceField = 'twice'

/**
 * The key makes a form take effect once, however often it is sent; after that the form gets a new one. `twice` is set when its
 * author has read that they sent the same before: a browser that goes back shows what was typed, but under a new key.
 */
export function onceMarks(
  { ctx, form }: Visit,
  { message, isStale }: Problem,
): Record<string, string | null> {
  const key = form.get(onceField)
  return {
    [onceField]: key === null || isStale || message === sentBefore ? ctx.newId() : key,
    [twiceField]: message === sentTwice ? 'true' : form.get(twiceField),
  }
}

const marks: readonly string[] = [onceField, twiceField, ownerField, keptField]

/** What somebody entered, without the marks that differ each time the form is shown. */
const contentOf = ({ form }: Visit): string =>
  JSON.stringify([...form].filter(([name]) => !marks.includes(name)))

const hashOf = ({ request }: Visit, content: string) =>
  sha256(JSON.stringify([new URL(request.url).pathname, content]))

/** The idempotency record that makes a form take effect once; null if the form has no key. */
export function onceOf(visit: Visit, content: string = contentOf(visit)): Idempotency | null {
  const key = visit.form.get(onceField) ?? ''
  if (!/^[a-z0-9]{20,40}$/.test(key)) return null
  const { pathname } = new URL(visit.request.url)
  return { key: `form ${key} ${pathname}`, fingerprint: hashOf(visit, content), isReplayed: false }
}

/** Tries again while the first copy of a form that was sent twice is still being saved. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!isRunning(error)) throw error
      if (attempt === attempts) throw conflict(running)
      await letOthersWrite(savingMs)
    }
  }
}

const attempts = 20
const savingMs = 1_000

const isRunning = (error: unknown) =>
  error instanceof AppError && error.kind === 'conflict' && error.details.retryAfter !== undefined

/**
 * Does the work of a form that adds something. If the same form was sent before, returns the earlier result. Throws `conflict`,
 * so that the author decides, if its `content` has changed or another form had the same content within the hour.
 */
export async function doOnce<T>(
  visit: Visit,
  work: (ctx: Ctx) => Promise<T>,
  content: string = contentOf(visit),
): Promise<T> {
  const once = onceOf(visit, content)
  if (once === null) return work(visit.ctx)
  const isWanted = visit.form.get(twiceField) === 'true'
  const twin = `form of ${hashOf(visit, contentOf(visit))}`
  const idempotency = isWanted ? once : { ...once, twin }
  try {
    return await patiently(() => work({ ...visit.ctx, idempotency }))
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.kind === 'unprocessable') throw conflict(sentBefore)
    if (error.details.isTwin === true) throw conflict(sentTwice)
    throw error
  }
}

/**
 * Does the work of a form that changes something. If it is sent again unchanged, returns the earlier result; with other
 * answers it is another change.
 */
export async function changeOnce<T>(visit: Visit, work: (ctx: Ctx) => Promise<T>): Promise<T> {
  const { ctx } = visit
  try {
    return await patiently(() => work({ ...ctx, idempotency: onceOf(visit) }))
  } catch (error) {
    if (error instanceof AppError && error.kind === 'unprocessable') return work(ctx)
    throw error
  }
}
