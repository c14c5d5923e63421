import { describe, expect, test } from 'bun:test'
import { loadConfig } from '../../src/config'
import { createStore } from '../../src/db/sqlite/open'
import { createDeps } from '../../src/deps'
import type { KeyEnvironment } from '../../src/lib/api-key'
import { silentLog } from '../../src/lib/log'
import { testClock } from '../support/clock'
import { refusalOf, temporaryDirectories } from '../support/store'

const newDirectory = temporaryDirectories()
const clock = testClock()

const open = (directory: string, wanted?: KeyEnvironment) =>
  createDeps(loadConfig({ REEVE_DATA: directory }), {
    clock,
    log: silentLog,
    ...(wanted === undefined ? {} : { wanted }),
  })

/** Opens a store for the first time and closes it. */
async function found(wanted?: KeyEnvironment): Promise<string> {
  const directory = newDirectory()
  createStore(directory, clock)
  const deps = await open(directory, wanted)
  expect(deps.environment).toBe(wanted ?? 'live')
  await deps.store.close()
  return directory
}

describe('a store is refused', () => {
  test('as live when it holds demo data', async () => {
    const directory = await found('test')
    const { kind, message } = await refusalOf(() => open(directory, 'live'))
    expect({ kind, message }).toEqual({
      kind: 'conflict',
      message: 'The data directory holds a demo database: use "reeve dev --data"',
    })
  })

  test('as demo when it is live', async () => {
    const directory = await found('live')
    const { kind, message } = await refusalOf(() => open(directory, 'test'))
    expect({ kind, message }).toEqual({
      kind: 'conflict',
      message: 'The data directory holds a live database: use "reeve serve"',
    })
  })

  test('as demo when nobody had said what it is, which means live', async () => {
    const directory = await found()
    expect((await refusalOf(() => open(directory, 'test'))).kind).toBe('conflict')
  })

  test('where there is none', async () => {
    expect((await refusalOf(() => open(newDirectory()))).kind).toBe('not_found')
  })
})

describe('a store', () => {
  test.each(['live', 'test'] as const)(
    'that is %s stays so for a command that does not ask',
    async (wanted) => {
      const deps = await open(await found(wanted))
      expect(deps.environment).toBe(wanted)
      await deps.store.close()
    },
  )
})

describe('the key of the audit chain', () => {
  const auditKey = async (directory: string) => {
    const { store, secrets } = await open(directory)
    const { key } = secrets.audit[0]
    await store.close()
    return Buffer.from(key).toString('hex')
  }

  test('is the same whenever the store is opened, and another for another store', async () => {
    const [one, two] = [await found(), await found()]
    expect(await auditKey(one)).toBe(await auditKey(one))
    expect(await auditKey(one)).not.toBe(await auditKey(two))
  })

  test('is derived from the secret key and not the key itself', async () => {
    const directory = await found()
    const secret = Buffer.from(await Bun.file(`${directory}/secret.key`).text(), 'base64')
    const key = await auditKey(directory)
    expect(key).toHaveLength(64)
    expect(key).not.toBe(secret.toString('hex'))
  })
})
