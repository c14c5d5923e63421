import type { Static } from '@sinclair/typebox'
import type { Change } from '../../core/change'
import type { Ctx, Writer } from '../../core/ctx'
import {
  type Export,
  type FileRecord,
  faultsOfTwins,
  type Import,
  readRecords,
  recordFormats,
  writeRecords,
} from '../../core/transfer'
import { countPlanned, type Planned, savePlanned } from '../../core/transfer.service'
import { recordFirst } from '../../core/write'
import type { Issue } from '../../lib/errors'
import { badFile, type RowFault } from '../../lib/import-file'
import { slugify } from '../../lib/slug'
import { wardFinder, wardReferences } from '../wards/model'
import { listAllWards } from '../wards/store'
import { newsMoves } from './model'
import { type NewsRecord, newsShape } from './record'
import { blankNews, changeOf, rowWith, saveNews } from './service'
import { getNewsCalled, insertNews, listNewsBySlug } from './store'
import type { NewsRow } from './table'

type Fields = Static<typeof NewsRecord>
type Input = FileRecord<typeof NewsRecord>

const partRows = 200

export const newsExport: Export = {
  name: 'news',
  formats: recordFormats,
  write: (ctx, format) => writeRecords(format, newsShape, exported(ctx)),
}

/** By slug. The export is recorded first. */
async function* exported(ctx: Ctx): AsyncGenerator<Fields[]> {
  await recordFirst(ctx, 'news.export', [{ entity: 'news', id: 'export' }])
  const wards = wardReferences(await listAllWards(ctx))
  let after: string | undefined = ''
  while (after !== undefined) {
    const rows: NewsRow[] = await listNewsBySlug(ctx, after, partRows)
    yield rows.map((row) => recordOf(row, wards))
    after = rows.length < partRows ? undefined : rows.at(-1)?.slug
  }
}

const recordOf = (row: NewsRow, wards: ReadonlyMap<string, string>): Fields => ({
  slug: row.slug,
  title: row.title,
  summary: row.summary,
  body: row.body,
  source: row.source,
  imageUrl: row.imageUrl,
  wards: row.wardIds.map((id) => wards.get(id) ?? id),
  status: row.status,
  publishedAt: row.publishedAt?.toISOString() ?? null,
  expiresAt: row.expiresAt?.toISOString() ?? null,
  author: row.createdByName,
})

const slugOf = ({ slug, title = '' }: Input['values']): string => slug ?? (slugify(title) || 'news')

async function planNews(ctx: Ctx, records: readonly Input[]): Promise<Planned<NewsRow>[]> {
  const keyed = records.map(({ place, values }) => ({ place, key: slugOf(values) }))
  const existing = await getNewsCalled(
    ctx,
    keyed.map(({ key }) => key),
  )
  const findWard = wardFinder(await listAllWards(ctx))
  const faults: RowFault[] = faultsOfTwins(keyed)
  const planned: Planned<NewsRow>[] = []
  for (const { place, values } of records) {
    const fault = (reason: string) => void faults.push({ ...place, reason })
    const slug = slugOf(values)
    const before = existing.get(slug)
    const { wards, author, status = before?.status ?? 'pending', slug: _, ...rest } = values
    const base = before ?? { ...blankNews(ctx, { title: '', body: '', status }), slug }
    const named = {
      ...base,
      ...(wards && { wardIds: wards.flatMap((name) => findWard(name, fault)?.id ?? []) }),
      ...(author !== undefined && { createdByName: author }),
    }
    const { after, issues } = await rowWith(ctx, named, { ...rest, status }, (wanted) => before ?? wanted)
    const all = [...issues, ...moveIssues(before, status), ...orderIssues(before, after)]
    for (const { path, message } of all) fault(`${path}: ${message}`)
    planned.push({ before, wanted: after })
  }
  if (faults.length > 0) throw badFile(faults)
  return planned
}

type Fault = Pick<Issue, 'path' | 'message'>

/** A new item may have any status, because it passed through the others elsewhere. */
function moveIssues(before: NewsRow | undefined, status: NewsRow['status']): Fault[] {
  if (!before || before.status === status || newsMoves[before.status].includes(status)) return []
  return [{ path: 'status', message: `News cannot go from ${before.status} to ${status}` }]
}

/** An item from elsewhere may have expired, but not before it was published. */
function orderIssues(
  before: NewsRow | undefined,
  { publishedAt, expiresAt }: Pick<NewsRow, 'publishedAt' | 'expiresAt'>,
): Fault[] {
  const isReversed = publishedAt !== null && expiresAt !== null && expiresAt <= publishedAt
  return !before && isReversed ? [{ path: 'expiresAt', message: 'Must come after publishedAt' }] : []
}

async function saveOne(w: Writer, { before, wanted }: Planned<NewsRow>): Promise<readonly Change[]> {
  if (before) return (await saveNews(w, before, { ...before, ...wanted })).changes
  const isPublished = wanted.status === 'published'
  const row = await insertNews(w, { ...wanted, firstPublishedAt: isPublished ? w.clock.now() : null })
  return [changeOf(null, row, isPublished ? ['news_published'] : [])]
}

/** Announces what the import publishes or withdraws, as the dashboard would. */
export const newsImport: Import<Input> = {
  name: 'news',
  description:
    'CSV or JSON as written by `reeve export news`. Import wards first. What it publishes is sent to webhooks',
  parse: (bytes, _, options) => ({ inputs: readRecords(bytes, newsShape, options) }),
  preview: async (ctx, records) => countPlanned(await planNews(ctx, records)),
  save: (ctx, records, onRow) => savePlanned(ctx, 'news.import', (w) => planNews(w, records), saveOne, onRow),
}
