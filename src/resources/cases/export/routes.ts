import { Elysia } from 'elysia'
import { guard } from '../../../http/guard'
import { streamed } from '../../../http/stream'
import type { Log } from '../../../lib/log'
import { localDate } from '../../../lib/time'
import { readFilters } from '../filters'
import { contentTypes, csvExample, ExportQuery, formatted, reportColumns } from './model'
import { exportCases } from './service'

/** For the document alone: a stream is not checked. */
const file = {
  200: {
    description: 'The file',
    content: {
      'text/csv': { schema: { type: 'string' as const }, example: csvExample },
      'application/json': { schema: { type: 'object' as const }, example: { cases: [], total: 0 } },
      'application/x-ndjson': { schema: { type: 'string' as const }, example: '' },
    },
  },
}

export const exportRoutes = (log: Log) =>
  new Elysia({ prefix: '/api/cases', tags: ['Cases'] }).use(guard).get(
    '/export',
    ({ ctx, query: { format = 'csv', ...query } }) => {
      const filters = readFilters(ctx, query)
      const cases = exportCases(ctx, filters, { withResidents: format !== 'csv' })
      const name = `cases-export-${localDate(ctx.clock.now(), ctx.tenant.timezone)}.${format}`
      const headers = {
        'content-type': contentTypes[format],
        'content-disposition': `attachment; filename="${name}"`,
      }
      return streamed(formatted(format, reportColumns, cases), headers, (error) =>
        log.error('an export broke off', { id: ctx.requestId, error }),
      )
    },
    {
      scope: 'reports:read',
      query: ExportQuery,
      detail: {
        operationId: 'exportCases',
        summary: 'Export cases',
        description:
          'Every case that matches, the newest first, as a file: CSV with the columns of a report, safe to open in a ' +
          'spreadsheet, or JSON or a JSON object a line with whole cases. It is sent while it is read, however much ' +
          'there is.',
        responses: file,
      },
    },
  )
