import type { Ctx } from '../core/ctx'
import { contentTypes, type FileFormat, type FileShape, formatted, type TimesForm } from '../core/files'
import { AppError } from '../lib/errors'
import type { Log } from '../lib/log'
import { Slots } from '../lib/slots'
import { localDate } from '../lib/time'
import { streamed, streamedHead } from './stream'

/** How many exports this server sends at once, in all and for one key. */
export const exportsAtOnce = { total: 32, perKey: 8 }

/** Seconds after which a refused client may ask again. */
const retryAfter = 5

type Download = { ctx: Ctx; request: Request; times?: TimesForm | undefined }

/** Headers of a file that is named after what it holds and the council’s date. */
export const fileHeaders = ({ clock, tenant }: Ctx, name: string, format: FileFormat) => ({
  'cache-control': 'no-store',
  'content-type': contentTypes[format],
  'content-disposition': `attachment; filename="${name}-${localDate(clock.now(), tenant.timezone)}.${format}"`,
})

export type FileSender = ReturnType<typeof fileSender>

/**
 * Streams a download named like `cases-export-2026-03-13.csv`. `make` must record the disclosure in the audit log before it
 * returns; it is not called for HEAD. Throws `rate_limited` if too many are being sent already.
 */
export function fileSender(log: Log) {
  const slots = new Slots(exportsAtOnce.total, exportsAtOnce.perKey)
  return async <T>(
    { ctx, request, times = 'local' }: Download,
    format: FileFormat,
    shape: FileShape<T>,
    make: () => Promise<AsyncIterable<readonly T[]>>,
  ): Promise<Response> => {
    const headers = fileHeaders(ctx, `${shape.file ?? shape.list}-export`, format)
    if (request.method === 'HEAD') return streamedHead(request, headers)
    const giveBack = takeSlot(slots, ctx)
    try {
      return streamed(
        request,
        { headers },
        {
          parts: formatted(format, shape, await make(), { times, timeZone: ctx.tenant.timezone }),
          onEnd: giveBack,
          onFailure: (error) => log.error('an export broke off', { id: ctx.requestId, error }),
        },
      )
    } catch (error) {
      giveBack()
      throw error
    }
  }
}

function takeSlot(slots: Slots, { actor }: Ctx): () => void {
  const giveBack = slots.take(actor.id)
  if (giveBack) return giveBack
  const { total, perKey } = slots
  throw new AppError(
    'rate_limited',
    `Too many exports at once: ${perKey} for a key, ${total} in all. Wait until one has ended`,
    { limit: perKey, retryAfter },
  )
}
