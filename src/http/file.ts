import type { Ctx } from '../core/ctx'
import { contentTypes, type FileFormat, type FileShape, formatted } from '../core/files'
import type { Log } from '../lib/log'
import { localDate } from '../lib/time'
import { streamed } from './stream'

type Download = { ctx: Ctx; request: Request }

/**
 * Streams a download named like `cases-export-2026-03-13.csv`. `make` must record the disclosure in the audit log before it
 * returns.
 */
export const fileSender =
  (log: Log) =>
  <T>(
    { ctx, request }: Download,
    format: FileFormat,
    shape: FileShape<T>,
    make: () => Promise<AsyncIterable<readonly T[]>>,
  ): Promise<Response> => {
    const name = `${shape.file ?? shape.list}-export-${localDate(ctx.clock.now(), ctx.tenant.timezone)}.${format}`
    const headers = {
      'content-type': contentTypes[format],
      'content-disposition': `attachment; filename="${name}"`,
    }
    return streamed(
      request,
      headers,
      async () => formatted(format, shape, await make()),
      (error) => log.error('an export broke off', { id: ctx.requestId, error }),
    )
  }
