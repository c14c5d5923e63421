import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chainEnds } from '../../src/core/audit/store'
import { lockDirectory } from '../../src/db/sqlite/lock'
import { createStore } from '../../src/db/sqlite/open'
import type { Lock } from '../../src/db/store'
import { checkAfterKill } from '../../src/jobs/check-after-kill'
import { startHousekeeping } from '../../src/jobs/housekeeping'
import { systemClock } from '../../src/lib/clock'
import { createCouncil, createTestApp, type TestApp } from '../support/app'
import { damagePages } from '../support/damage'
import { onSqlite } from '../support/engine'
import { temporaryDirectories } from '../support/store'

const newDirectory = temporaryDirectories()
let app: TestApp
let key: string

beforeEach(async () => {
  app = await createTestApp()
  key = (await createCouncil(app, 'avon')).key
})
afterEach(() => app.close())

const create = () => app.send('POST', '/api/cases', { key, body: { summary: 'Pothole' } })
const read = () => app.send('GET', '/api/cases', { key })
const ready = () => app.send('GET', '/ready')
const logged = () => app.logged.map(({ level, message }) => [level, message])

describe('after a server was killed', () => {
  test('a sound store is said to be sound, and everything goes on', async () => {
    await checkAfterKill(app.deps, '')
    expect(logged()).toEqual([
      ['warn', 'Reeve was not stopped properly last time: the database is being checked'],
      ['info', 'the database is sound'],
    ])
    expect([(await ready()).status, (await create()).status]).toEqual([200, 201])
  })

  test.if(onSqlite)('a damaged one refuses changes, says so in /ready, and goes on reading', async () => {
    expect((await create()).status).toBe(201)
    await read()
    await damagePages(app)
    await checkAfterKill(app.deps, '')
    expect(logged().at(-1)).toEqual([
      'error',
      'The database is damaged: stop Reeve, run "reeve check" and restore a backup',
    ])
    for (const answer of [await ready(), await create()]) {
      expect([answer.status, answer.body.error]).toEqual([503, 'The database is damaged'])
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    }
    expect((await app.send('GET', '/health')).status).toBe(200)
  })

  test.if(onSqlite)(
    'a store that lacks changes it had refuses others until it is started again',
    async () => {
      const ends = await chainEnds(app.deps.store.read)
      await checkAfterKill(app.deps, JSON.stringify(ends))
      expect((await ready()).status).toBe(200)
      await checkAfterKill(app.deps, JSON.stringify({ ...ends, avon: (ends.avon ?? 0) + 1 }))
      const answer = await create()
      expect([answer.status, answer.body.error]).toEqual([
        503,
        'Changes that had been made are missing from the database',
      ])
      expect(app.logged.find(({ level }) => level === 'error')?.fields).toEqual({ councils: ['avon'] })
      expect((await read()).status).toBe(200)
    },
  )

  test.each(['{"avon":99', '', 'null'])('%p, as a power cut leaves a note, proves nothing', async (half) => {
    expect(await checkAfterKill(app.deps, half)).toBe(true)
    expect((await ready()).status).toBe(200)
  })
})

/** Ends without having looked into what the one before noted. */
async function killed(lock: Lock, marker: string): Promise<void> {
  const noted = readFileSync(marker, 'utf8')
  await lock.release()
  writeFileSync(marker, noted)
}

describe('what a server notes for the next one', () => {
  test('is where the chains end, is found after a kill, and is gone after an orderly stop', async () => {
    const directory = newDirectory()
    const lock = lockDirectory(directory)
    expect(lock.leftBehind).toBeNull()
    await startHousekeeping(app.deps, lock).stop()
    const marker = join(directory, 'in-use')
    const noted = readFileSync(marker, 'utf8')
    expect(JSON.parse(noted)).toEqual(await chainEnds(app.deps.store.read))
    await lock.release()
    writeFileSync(marker, noted)
    // Killed again before it was looked into, and then work that does not look into it.
    createStore(directory, systemClock)
    for (const mode of ['serve', 'alone'] as const) {
      const next = lockDirectory(directory, mode)
      expect([mode, next.leftBehind, readFileSync(marker, 'utf8')]).toEqual([mode, noted, noted])
      if (mode === 'alone') await next.release()
      else await killed(next, marker)
    }
    await lockDirectory(directory).release()
    const last = lockDirectory(directory)
    expect(last.leftBehind).toBeNull()
    await last.release()
  })
})
