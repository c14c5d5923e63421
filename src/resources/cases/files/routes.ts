import { Elysia } from 'elysia'
import { documentedFile } from '../../../http/docs/responses'
import type { FileSender } from '../../../http/file'
import { guard } from '../../../http/guard'
import { readFilters } from '../filters'
import { CaseView } from '../model'
import { csvExample, ExportedCases, ExportQuery, reportColumns } from './export.model'
import { exportCases } from './export.service'

const file = documentedFile({
  'text/csv': { schema: { type: 'string' }, example: csvExample },
  'application/json': { schema: ExportedCases },
  'application/x-ndjson': { schema: CaseView },
})

export const exportRoutes = (send: FileSender) =>
  new Elysia({ prefix: '/api/cases', tags: ['Cases'] })
    .use(guard)
    .get(
      '/export',
      ({ query: { format = 'csv', times, ...query }, ...asked }) =>
        send({ ...asked, times }, format, { list: 'cases', columns: reportColumns }, async () =>
          exportCases(asked.ctx, readFilters(asked.ctx, query), format !== 'csv'),
        ),
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
