import { sql } from 'drizzle-orm'
import { maintain } from '../../../src/core/write'
import { rebuildFigures } from '../../../src/resources/cases/derived/recount.store'
import type { CaseRow, CaseStatus, Resolution } from '../../../src/resources/cases/table'
import { caseCounters, cases, resolutions } from '../../../src/resources/cases/table'
import { type TimelineRow, timelineEntries } from '../../../src/resources/cases/timeline/table'
import type { Council, TestApp } from '../../support/app'

const dayMs = 86_400_000
const hourMs = 3_600_000
const insertedAtOnce = 300

/** Numbers that look random and repeat (mulberry32). */
export function repeatable(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export type Places = { wards: string[]; categories: string[]; people: string[] }

type Move = { at: Date; from: CaseStatus; to: CaseStatus }

/** A life of a case from its receipt to now: worked on, finished, taken up again. */
function lifeOf(next: () => number, receivedAt: Date, now: Date): Move[] {
  const moves: Move[] = []
  let [status, at]: [CaseStatus, number] = ['open', receivedAt.getTime()]
  const ways: Record<CaseStatus, CaseStatus[]> = {
    open: ['in_progress', 'in_progress', 'in_progress', 'closed'],
    in_progress: ['resolved', 'resolved', 'closed'],
    resolved: ['closed', 'closed', 'closed', 'in_progress'],
    closed: ['in_progress'],
  }
  for (;;) {
    const isOver = status === 'closed' ? next() < 0.9 : next() < 0.15
    at += Math.floor(next() * 20 * dayMs)
    if (isOver || at >= now.getTime()) return moves
    const to = ways[status][Math.floor(next() * ways[status].length)] as CaseStatus
    moves.push({ at: new Date(at), from: status, to })
    status = to
  }
}

const isFinished = (status: CaseStatus) => status === 'resolved' || status === 'closed'

/** Cases with histories, as a store would have them; the daily counts are then worked out from them. */
export async function insertRandomCases(
  app: TestApp,
  { tenant }: Council,
  { wards, categories, people }: Places,
  count: number,
  seed = 1,
): Promise<void> {
  const next = repeatable(seed)
  const pick = <T>(values: readonly T[]) => values[Math.floor(next() * values.length)] as T
  const now = app.clock.now()
  const rows: (typeof cases.$inferInsert)[] = []
  const entries: (typeof timelineEntries.$inferInsert)[] = []
  for (let i = 0; i < count; i++) {
    const id = `${tenant.slug}${String(i).padStart(8, '0')}`
    const receivedAt = new Date(now.getTime() - Math.floor(next() * 900 * dayMs) - 1)
    const moves = lifeOf(next, receivedAt, now)
    rows.push(rowOf(id, i, receivedAt, moves))
    for (const [n, move] of moves.entries()) entries.push(entryOf(id, n, entries.length + 1, move))
  }

  function rowOf(id: string, i: number, receivedAt: Date, moves: readonly Move[]): typeof cases.$inferInsert {
    const status = moves.at(-1)?.to ?? 'open'
    const lastOf = (to: CaseStatus) => moves.findLast((move) => move.to === to)?.at ?? null
    const reopenedAt = moves.findLast(({ from, to }) => isFinished(from) && to === 'in_progress')?.at
    const since = (instant: Date | null) =>
      instant && (!reopenedAt || instant > reopenedAt) ? instant : null
    const finished = isFinished(status)
    const [resolvedAt, closedAt] = finished
      ? [since(lastOf('resolved')), since(lastOf('closed'))]
      : [null, null]
    const dueAt = next() < 0.9 ? new Date(receivedAt.getTime() + Math.floor(next() * 40) * dayMs) : null
    const end = resolvedAt ?? closedAt
    const isPaused = status === 'in_progress' && next() < 0.2
    const targetState = !dueAt
      ? 'none'
      : end
        ? end <= dueAt
          ? 'met'
          : 'missed'
        : isPaused
          ? 'paused'
          : 'running'
    const responses = Math.floor(next() * 3)
    return {
      id,
      tenantId: tenant.id,
      position: i + 1,
      reference: `CW-2026-${10_000 + i}`,
      referenceYear: 2026,
      referenceNumber: 10_000 + i,
      type: pick(['enquiry', 'service_request', 'complaint'] as const),
      status,
      priority: pick(['low', 'normal', 'high', 'urgent'] as const),
      sourceChannel: pick(['web', 'email', 'phone'] as const),
      summary: `Case ${i}`,
      publicThemes: [],
      highlightedForPublic: false,
      wardId: next() < 0.9 ? pick(wards) : null,
      categoryId: next() < 0.9 ? pick(categories) : null,
      assigneeId: next() < 0.8 ? pick(people) : null,
      resolution: finished ? pick(resolutions as readonly Resolution[]) : null,
      pendingReason: isPaused ? 'scheduled' : null,
      pendingSince: isPaused ? now : null,
      latitude: next() < 0.5 ? 51.5 : null,
      receivedAt,
      acknowledgedAt: moves.find(({ to }) => to === 'in_progress')?.at ?? null,
      firstResponseAt:
        responses > 0 ? new Date(receivedAt.getTime() + Math.floor(next() * 72) * hourMs) : null,
      responseCount: responses,
      reassignCount: next() < 0.7 ? 0 : 1,
      resolvedAt,
      closedAt,
      dueAt,
      dueSoonAt: dueAt && new Date(dueAt.getTime() - 2 * dayMs),
      targetFrom: receivedAt,
      targetState,
      reopenCount: moves.filter(({ from, to }) => isFinished(from) && to === 'in_progress').length,
      archived: next() < 0.1,
      createdAt: receivedAt,
      updatedAt: moves.at(-1)?.at ?? receivedAt,
    } satisfies Partial<CaseRow>
  }

  function entryOf(
    caseId: string,
    n: number,
    position: number,
    { at, from, to }: Move,
  ): typeof timelineEntries.$inferInsert {
    return {
      position,
      id: `${caseId}n${n}`,
      tenantId: tenant.id,
      caseId,
      kind: 'status',
      visibility: 'internal',
      from: { status: from, resolution: null },
      to: { status: to, resolution: null },
      authorType: 'system',
      authorId: 'test',
      authorName: 'test',
      at,
    } satisfies Partial<TimelineRow>
  }

  await maintain(app.deps, async (m) => {
    for (let i = 0; i < rows.length; i += insertedAtOnce) {
      await m.db.insert(cases).values(rows.slice(i, i + insertedAtOnce))
    }
    for (let i = 0; i < entries.length; i += insertedAtOnce) {
      await m.db.insert(timelineEntries).values(entries.slice(i, i + insertedAtOnce))
    }
    await m.db.run(sql`insert into ${caseCounters} (tenant_id, archived, status, ward_id, category_id, cases)
      select tenant_id, archived, status, coalesce(ward_id, ''), coalesce(category_id, ''), count(*) from ${cases}
      where tenant_id = ${tenant.id} group by 1, 2, 3, 4, 5`)
    await rebuildFigures(m)
  })
}
