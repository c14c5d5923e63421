import { afterAll, beforeAll, expect, test } from 'bun:test'
import { warnOfClock } from '../../src/core/clock.service'
import { createCouncil, createTestApp, type TestApp } from '../support/app'

let app: TestApp
const minute = 60_000

beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

/** What is logged at a start at this time. */
async function startAt(now: Date): Promise<string[]> {
  const right = app.clock.now()
  app.clock.set(now)
  const before = app.logged.length
  await warnOfClock(app.deps)
  app.clock.set(right)
  return app.logged.slice(before).map(({ level, message }) => `${level} ${message}`)
}

const [behind, ancient] = [
  expect.stringMatching(/^warn the clock of this machine is behind the newest change.*set it right/),
  expect.stringMatching(/^warn the clock of this machine is before the year.*set it right/),
]

test('a clock that is before the year of the version is told in an empty store', async () => {
  expect(await startAt(new Date('1972-01-01T00:00:00Z'))).toEqual([ancient])
  expect(await startAt(app.clock.now())).toEqual([])
})

test('a clock that is behind what is stored is told, a small difference between machines is not', async () => {
  await createCouncil(app, 'avon')
  const newest = app.clock.now().getTime()
  expect(await startAt(new Date(newest))).toEqual([])
  expect(await startAt(new Date(newest - 4 * minute))).toEqual([])
  expect(await startAt(new Date(newest - 6 * minute))).toEqual([behind])
  expect(await startAt(new Date('1972-01-01T00:00:00Z'))).toEqual([behind])
})

test('one change with a wrong clock does not hide the rest', async () => {
  const right = app.clock.now()
  app.clock.set(new Date('1972-01-01T00:00:00Z'))
  await createCouncil(app, 'severn')
  app.clock.set(right)
  expect(await startAt(new Date('1973-01-01T00:00:00Z'))).toEqual([behind])
})
