import type { Change } from '../../core/change'
import type { Ctx, Writer } from '../../core/ctx'
import type { DueWork } from '../../core/due-work.service'
import { readInstant, readRange } from '../../core/instants'
import type { EventName } from '../../core/outbox/table'
import { assertUnchanged } from '../../core/precondition'
import { assertAllFound, assertMayPublish, assertMove } from '../../core/publishing'
import { write } from '../../core/write'
import type { NameKey } from '../../db/name-columns'
import { isEqual } from '../../lib/equal'
import { AppError, type Issue, invalid } from '../../lib/errors'
import { slugify } from '../../lib/slug'
import { unknownWards } from '../wards/store'
import {
  isApproved,
  type NewsCreate,
  type NewsPatch,
  type NewsQuery,
  type NewsView,
  newsMoves,
  toView,
} from './model'
import { settleTimes } from './schedule'
import {
  deleteNews,
  freeSlug,
  getNews,
  getNewsById,
  insertNews,
  listDue,
  type NewsFilters,
  updateNews,
} from './store'
import type { NewsRow } from './table'

const safe = ['title', 'slug', 'source', 'status', 'publishedAt', 'expiresAt', 'wardIds', 'deleted']

/** Every bad filter is named. */
export function readFilters(ctx: Ctx, query: NewsQuery): NewsFilters {
  const { page: _p, pageSize: _s, cursor: _c, from: _f, to: _t, ...plain } = query
  return { ...plain, ...readRange(ctx, query) }
}

type Wanted = Omit<NewsRow, 'slug' | 'version' | NameKey>

/** The row with the given fields changed, and every fault of it; its times are made to agree with those of `standing`. */
export async function rowWith<T extends Wanted>(
  ctx: Ctx,
  before: T,
  input: NewsPatch,
  standingOf: (wanted: T) => T | null,
): Promise<{ after: T; issues: Issue[] }> {
  const issues: Issue[] = []
  const { publishedAt, expiresAt, ...plain } = input
  const at = (path: string, text: string | null | undefined, was: Date | null) =>
    text === undefined ? was : text === null ? null : (readInstant(ctx, 'body', path, text, issues) ?? null)
  const wanted: T = {
    ...before,
    ...plain,
    publishedAt: at('publishedAt', publishedAt, before.publishedAt),
    expiresAt: at('expiresAt', expiresAt, before.expiresAt),
  }
  const now = ctx.clock.now()
  const isAtOnce = before.status === 'scheduled' && input.status === 'published' && publishedAt === undefined
  if (isAtOnce) wanted.publishedAt = now
  for (const i of await unknownWards(ctx, input.wardIds ?? [])) {
    issues.push({ in: 'body', path: `wardIds.${i}`, code: 'not_found', message: 'There is no such ward' })
  }
  const after = issues.length > 0 ? wanted : settleTimes(wanted, standingOf(wanted), now, issues)
  return { after, issues }
}

/** Reports every fault at once. */
async function rowAfter<T extends Wanted>(
  w: Writer,
  before: T,
  input: NewsPatch,
  isNew: boolean,
): Promise<T> {
  const { after, issues } = await rowWith(w, before, input, () => (isNew ? null : before))
  if (issues.length > 0) throw invalid(issues)
  return after
}

const upkeep = ['version', 'updatedAt', 'firstPublishedAt', 'sortKey', 'searchText']
const auditFields = (row: NewsRow) =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !upkeep.includes(name)))

export function changeOf(before: NewsRow | null, after: NewsRow, events: readonly EventName[]): Change {
  const data = { news: toView(after) }
  const isShown = after.status === 'published' || before?.status === 'published'
  return {
    entity: 'news',
    id: after.id,
    before: before && auditFields(before),
    after: auditFields(after),
    safe,
    events: events.map((name) => ({ name, data })),
    publicPart: isShown ? 'news' : undefined,
  }
}

/** A new item with only these fields. */
export function blankNews(ctx: Ctx, known: Pick<NewsRow, 'title' | 'body' | 'status'>): Wanted {
  const now = ctx.clock.now()
  const author = ctx.acting ?? ctx.actor
  return {
    ...known,
    id: ctx.newId(),
    tenantId: ctx.tenantId,
    summary: null,
    source: null,
    imageUrl: null,
    wardIds: [],
    publishedAt: null,
    expiresAt: null,
    firstPublishedAt: null,
    createdById: author.id,
    createdByName: author.name,
    createdAt: now,
    updatedAt: now,
  }
}

/** It is public only once approved. */
export const createNews = (ctx: Ctx, { status = 'pending', ...input }: NewsCreate): Promise<NewsView> =>
  write(ctx, 'news.create', async (w) => {
    const blank = blankNews(w, { title: input.title, body: input.body, status })
    const values = await rowAfter(w, blank, input, true)
    const row = await insertNews(w, { ...values, slug: await freeSlug(w, slugify(input.title) || 'news') })
    return { changes: [changeOf(null, row, [])], result: toView(row) }
  })

/** Without a difference, nothing is recorded. */
export const patchNews = (ctx: Ctx, id: string, input: NewsPatch): Promise<NewsView> =>
  write(ctx, 'news.update', async (w) => {
    const before = await getNews(w, id)
    assertUnchanged(w, toView(before))
    assertMove('News', newsMoves, before.status, input.status ?? before.status)
    if (isApproved(before.status) || isApproved(input.status ?? before.status)) assertMayPublish(w)
    const { changes, row } = await saveNews(w, before, await rowAfter(w, before, input, false))
    return { changes, result: toView(row) }
  })

/** Saves it with its webhook events; its first publication is announced once. */
export async function saveNews(
  w: Writer,
  before: NewsRow,
  wanted: NewsRow,
): Promise<{ changes: Change[]; row: NewsRow }> {
  if (isEqual(wanted, before)) return { changes: [], row: before }
  const isFirst = wanted.status === 'published' && before.firstPublishedAt === null
  const row = await updateNews(w, before, {
    ...wanted,
    firstPublishedAt: isFirst ? w.clock.now() : before.firstPublishedAt,
  })
  const isTakenBack = before.status === 'published' && row.status === 'withdrawn'
  const events: EventName[] = isFirst ? ['news_published'] : isTakenBack ? ['news_withdrawn'] : []
  return { changes: [changeOf(before, row, events)], row }
}

/** Published now or as scheduled, all or none; news already approved stays so. */
export const approveNews = (ctx: Ctx, ids: readonly string[]): Promise<{ approved: number }> =>
  write(ctx, 'news.approve', async (w) => {
    assertMayPublish(w)
    const found = await getNewsById(w, ids)
    assertAllFound(ids, found)
    const changes: Change[] = []
    for (const before of found.values()) {
      if (isApproved(before.status)) continue
      assertMove(`The news ${before.id}`, newsMoves, before.status, 'published')
      const wanted = await approved(w, before, ids.indexOf(before.id))
      changes.push(...(await saveNews(w, before, wanted)).changes)
    }
    return { changes, result: { approved: changes.length } }
  })

/** The row once approved; a fault names its place in the list. */
async function approved(w: Writer, before: NewsRow, place: number): Promise<NewsRow> {
  try {
    return await rowAfter(w, before, { status: 'published' }, false)
  } catch (error) {
    if (!(error instanceof AppError) || !Array.isArray(error.details.issues)) throw error
    const issues = error.details.issues as Issue[]
    throw invalid(
      issues.map(({ path, code, message }) => ({
        in: 'body',
        path: `ids.${place}`,
        code,
        message: `${path}: ${message}`,
      })),
    )
  }
}

/** Checks again inside the transaction: somebody may have changed it. */
const publishDue = (ctx: Ctx, id: string): Promise<void> =>
  write(ctx, 'news.publish', async (w) => {
    const before = await getNews(w, id)
    const isDue = before.status === 'scheduled' && before.publishedAt && before.publishedAt <= w.clock.now()
    if (!isDue) return { changes: [], result: undefined }
    const { changes } = await saveNews(w, before, { ...before, status: 'published' })
    return { changes, result: undefined }
  })

/** Published news is announced as withdrawn. */
export const removeNews = (ctx: Ctx, id: string): Promise<void> =>
  write(ctx, 'news.delete', async (w) => {
    const row = await getNews(w, id)
    assertUnchanged(w, toView(row))
    if (isApproved(row.status)) assertMayPublish(w)
    await deleteNews(w, id)
    const change = {
      ...changeOf(row, { ...row, status: 'withdrawn' }, row.status === 'published' ? ['news_withdrawn'] : []),
      before: { deleted: false, title: row.title },
      after: { deleted: true, title: null },
    }
    return { changes: [change], result: undefined }
  })

export const newsDueWork: readonly DueWork[] = [
  { actorId: 'publishing', what: 'news', list: listDue, handle: publishDue },
]
