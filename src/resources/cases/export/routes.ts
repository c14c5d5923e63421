import { Elysia } from 'elysia'
import { toldFile } from '../../../http/docs/told'
import { guard } from '../../../http/guard'
import { streamed } from '../../../http/stream'
import type { Log } from '../../../lib/log'
import { localDate } from '../../../lib/time'
import { readFilters } from '../filters'
import { CaseView } from '../model'
import { contentTypes, csvExample, ExportedCases, ExportQuery, formatted, reportColumns } from './model'
import { exportCases } from './service'

const file = toldFile({
  'text/csv': { schema: { type: 'string' }, example: csvExample },
  'application/json': { schema: ExportedCases },
  'application/x-ndjson': { schema: CaseView },
})

export const exportRoutes = (log: Log) =>
  new Elysia({ prefix: '/api/cases', tags: ['Cases'] }).use(guard).get(
    '/export',
    ({ ctx, request, query: { format = 'csv', ...query } }) => {
      const filters = readFilters(ctx, query)
      const name = `cases-export-${localDate(ctx.clock.now(), ctx.tenant.timezone)}.${format}`
      const headers = {
        'content-type': contentTypes[format],
        'content-disposition': `attachment; filename="${name}"`,
      }
      return streamed(
        request,
        headers,
        async () => formatted(format, reportColumns, await exportCases(ctx, filters, format !== 'csv')),
        (error) => log.error('an export broke off', { id: ctx.requestId, error }),
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
          'spreadsheet, or whole cases as JSON, or as JSON lines. It is sent while it is read, however much there is.',
        responses: file,
      },
    },
  )
