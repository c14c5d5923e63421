import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { and, type SQL } from 'drizzle-orm'
import { storeFacts } from '../../src/core/tenants/table'
import { anyOf, boundedCount, contains } from '../../src/db/filters'
import { migrateStore, openStore, type Store } from '../../src/db/open'
import { testClock } from '../support/clock'
import { temporaryDirectories } from '../support/store'

const newDirectory = temporaryDirectories()
const { name, value } = storeFacts

let store: Store
beforeEach(async () => {
  const directory = newDirectory()
  migrateStore(directory, testClock())
  store = openStore(directory, testClock())
  const rows = { a: '50% off', b: '500 off', c: 'snake_case', d: 'snakeXcase', e: 'back\\slash', f: "it's" }
  await store.write(async (tx) => {
    await tx
      .insert(storeFacts)
      .values(Object.entries(rows).map(([key, text]) => ({ name: key, value: text })))
  })
})
afterEach(() => store.close())

const found = async (where: SQL | undefined) => {
  const rows = await store.read.select().from(storeFacts).where(where).orderBy(name)
  return rows.map((row) => row.name).join('')
}

describe('contains', () => {
  test.each([
    ['nothing that is nowhere', 'absent', ''],
    ['a percent sign as such', '0%', 'a'],
    ['an underscore as such', 'E_C', 'c'],
    ['a backslash as such', 'k\\s', 'e'],
    ['a quote as such', "t's", 'f'],
    ['an attempt to inject as such', "' OR 1=1 --", ''],
    ['letters in any case', 'SNAKE', 'cd'],
    ['a text in either column', 'b', 'be'],
  ])('finds %s', async (_, text, names) => {
    expect(await found(contains([name, value], text))).toBe(names)
  })
})

describe('anyOf', () => {
  test('is no condition where no values are given, and finds nothing where the list is empty', async () => {
    expect(await found(and(anyOf(name, undefined)))).toBe('abcdef')
    expect(await found(anyOf(name, []))).toBe('')
  })

  test('finds each of the values', async () => {
    expect(await found(anyOf(name, ['e', 'a', 'z']))).toBe('ae')
  })
})

test('boundedCount counts what matches, but no further than the bound', async () => {
  const matches = contains([value], 'off')
  expect(await boundedCount(store.read, storeFacts, matches, 10)).toBe(2)
  expect(await boundedCount(store.read, storeFacts, matches, 1)).toBe(1)
  expect(await boundedCount(store.read, storeFacts, undefined, 10)).toBe(6)
  expect(await boundedCount(store.read, storeFacts, contains([value], 'absent'), 10)).toBe(0)
})
