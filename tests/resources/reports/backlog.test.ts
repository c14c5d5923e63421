import { afterAll, beforeAll, expect, test } from 'bun:test'
import fc from 'fast-check'
import { figureFaults } from '../../../src/resources/cases/derived/recount.store'
import type { CaseStatus } from '../../../src/resources/cases/table'
import { createCouncil, createTestApp, type TestApp } from '../../support/app'
import { createTestCase, createTestCategories, createTestWards, moveOf } from '../../support/casework'
import { amount } from '../../support/drill'
import { onPostgres } from '../../support/engine'
import { unlimited } from '../../support/http'

let app: TestApp

beforeAll(async () => {
  app = await createTestApp(unlimited)
})

afterAll(() => app.close())

/** One thing that happens, some hours after the one before. */
const step = fc.record({
  hours: fc.integer({ min: 1, max: 60 }),
  what: fc.oneof(
    fc.record({ kind: fc.constant('create' as const), daysAgo: fc.integer({ min: 0, max: 20 }) }),
    fc.record({
      kind: fc.constant('move' as const),
      which: fc.nat(20),
      to: fc.constantFrom<CaseStatus>('open', 'in_progress', 'resolved', 'closed'),
    }),
    fc.record({
      kind: fc.constant('place' as const),
      which: fc.nat(20),
      ward: fc.nat(2),
      category: fc.nat(2),
    }),
    fc.record({ kind: fc.constant('duplicate' as const), which: fc.nat(20) }),
    fc.record({ kind: fc.constant('archive' as const), which: fc.nat(20) }),
  ),
})

const dayMs = 86_400_000

let councils = 0

test('of any history, the backlog at the end is that at the start, with what came in and less what ended', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 40 }), async (steps) => {
      app.clock.set(new Date('2026-03-13T09:30:00Z'))
      const council = await createCouncil(app, `history-${++councils}`)
      const wards = await createTestWards(app, council, ['A', 'B'])
      const categories = await createTestCategories(app, council, ['C', 'D'])
      const made: { id: string; status: CaseStatus }[] = []
      const patch = async (which: number, body: Record<string, unknown>) => {
        const one = made[which % made.length]
        if (!one) return
        const answer = await app.send('PATCH', `/api/cases/${one.id}`, { key: council.key, body })
        if (answer.status === 200) one.status = answer.body.status
        else expect(answer.status).toBeOneOf([400, 409])
      }
      for (const { hours, what } of steps) {
        app.clock.advance(hours * 3_600_000)
        const now = app.clock.now().getTime()
        if (what.kind === 'create') {
          const receivedAt = new Date(now - what.daysAgo * dayMs).toISOString()
          const place = { wardId: wards[made.length % 2], categoryId: categories[made.length % 2] }
          made.push(await createTestCase(app, council, { receivedAt, ...place }))
        } else if (what.kind === 'move') {
          const from = made[what.which % made.length]?.status ?? 'open'
          await patch(what.which, moveOf(from, what.to))
        } else if (what.kind === 'place') {
          await patch(what.which, {
            wardId: wards[what.ward] ?? null,
            categoryId: categories[what.category] ?? null,
          })
        } else if (what.kind === 'duplicate') {
          const original = made[(what.which + 1) % made.length]?.id
          await patch(what.which, { status: 'closed', resolution: 'duplicate', duplicateOfId: original })
        } else await patch(what.which, { archived: true })
      }
      for (const query of ['', `wardId=${wards[0]}`, `categoryId=${categories[1]}`]) {
        for (const [from, to] of [
          ['2026-02-01', '2026-09-01'],
          ['2026-03-20', '2026-04-05'],
        ]) {
          const path = `/api/reports/timeseries?from=${from}&to=${to}&interval=day&${query}`
          const { rows } = (await app.send('GET', path, { key: council.key })).body
          const { body } = await app.send(
            'GET',
            path.replace('timeseries', 'summary').replace('interval=day&', ''),
            {
              key: council.key,
            },
          )
          const { backlog, received, reopened, ended } = body
          expect(backlog.end).toBe(backlog.start + received + reopened - ended)
          expect(backlog.start).toBeGreaterThanOrEqual(0)
          expect(Math.min(...rows.map((row: { backlog: number }) => row.backlog))).toBeGreaterThanOrEqual(0)
          expect(rows.at(-1).backlog).toBe(backlog.end)
        }
      }
      const open = await app.send('GET', '/api/cases?status=open,in_progress&archived=false', {
        key: council.key,
      })
      const archived = await app.send('GET', '/api/cases?status=open,in_progress&archived=true', {
        key: council.key,
      })
      const all = await app.send('GET', '/api/reports/summary?from=2026-02-01&to=2027-01-01', {
        key: council.key,
      })
      expect(all.body.backlog.end).toBe(open.body.pagination.total + archived.body.pagination.total)
      expect(await figureFaults({ db: app.deps.store.read })).toEqual([])
    }),
    { numRuns: onPostgres ? amount(8, 3) : amount(30, 8) },
  )
}, 300_000)
