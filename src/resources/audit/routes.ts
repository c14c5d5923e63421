import { Elysia } from 'elysia'
import { paged } from '../../core/paging'
import { documentedFile } from '../../http/docs/responses'
import type { FileSender } from '../../http/file'
import { guard } from '../../http/guard'
import {
  AuditEntryView,
  AuditExportQuery,
  AuditList,
  AuditQuery,
  auditColumns,
  ExportedEntries,
  toView,
  VerifiedView,
} from './model'
import { endOfLog, exportEntries, readFilters, verifyLog } from './service'
import { listEntries } from './store'

const file = documentedFile({
  'text/csv': { schema: { type: 'string' }, example: auditColumns.map(({ heading }) => heading).join(',') },
  'application/json': { schema: ExportedEntries },
  'application/x-ndjson': { schema: AuditEntryView },
})

export const auditRoutes = (send: FileSender) =>
  new Elysia({ prefix: '/api/audit', tags: ['Audit'] })
    .use(guard)
    .get(
      '',
      async ({ ctx, query }) => {
        const filters = await readFilters(ctx, query)
        const { rows, pagination } = await paged(ctx, 'audit', query, (slice) =>
          listEntries(ctx, filters, slice),
        )
        return { entries: rows.map(toView), pagination }
      },
      {
        scope: 'audit:read',
        timed: endOfLog,
        query: AuditQuery,
        response: AuditList,
        detail: {
          operationId: 'listAuditEntries',
          summary: 'List the audit log',
          description:
            'Who did what, the newest first: changes, releases of personal data, refused keys. Entries are never changed ' +
            'or removed, and hold no personal data.',
        },
      },
    )
    .get('/verify', ({ ctx }) => verifyLog(ctx), {
      scope: 'audit:read',
      response: VerifiedView,
      detail: {
        operationId: 'verifyAudit',
        summary: 'Verify the audit log',
        description:
          'Checks every entry against the one before it, and the last against a separate record of where the log ends. This ' +
          'finds entries that were changed or removed, in the middle or at the end.',
      },
    })
    .get(
      '/export',
      ({ query: { format = 'csv', times, ...query }, ...asked }) =>
        send(
          { ...asked, times },
          format,
          { list: 'entries', columns: auditColumns, file: 'audit' },
          async () => exportEntries(asked.ctx, await readFilters(asked.ctx, query)),
        ),
      {
        scope: 'audit:read',
        query: AuditExportQuery,
        detail: {
          operationId: 'exportAudit',
          summary: 'Export the audit log',
          description: 'Every entry that matches, the oldest first, as CSV, JSON or JSON lines.',
          responses: file,
        },
      },
    )
