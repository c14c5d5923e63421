import { afterAll, beforeAll, expect, test } from 'bun:test'
import fc from 'fast-check'
import { createCouncil, createTestApp, type TestApp } from '../support/app'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp({ REEVE_RATE_LIMIT: '1000000' })
})
afterAll(() => app.close())

const londonYear = (now: Date) =>
  Number(new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', year: 'numeric' }).format(now))

test('any mix of good and bad creates, at once and over the years, numbers each year from 1 without a gap', async () => {
  const wave = fc.record({
    /** Days that pass before it. */
    days: fc.constantFrom(0, 0, 1, 200, 366),
    /** Whether each create of it is a good one. */
    creates: fc.array(fc.boolean(), { maxLength: 12 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(wave, { maxLength: 6 }), async (waves) => {
      const { key } = await createCouncil(app, `c${app.deps.newId().slice(0, 12)}`)
      const expected: string[] = []
      const references: string[] = []
      const last = new Map<number, number>()
      for (const { days, creates } of waves) {
        app.clock.advance(days * 86_400_000)
        const year = londonYear(app.clock.now())
        const answers = await Promise.all(
          creates.map((isGood) =>
            app.send('POST', '/api/cases', {
              key,
              body: { summary: 'x', ...(isGood ? {} : { wardId: 'nowhere' }) },
            }),
          ),
        )
        for (const { status, body } of answers) if (status === 201) references.push(body.reference)
        for (const isGood of creates) {
          if (!isGood) continue
          const number = (last.get(year) ?? 0) + 1
          last.set(year, number)
          expected.push(`CW-${year}-${String(number).padStart(4, '0')}`)
        }
      }
      expect(references.sort()).toEqual(expected.sort())
    }),
    { numRuns: 25 },
  )
})
