import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { storeFacts } from '../../src/core/tenants/table'
import { cachedTotal } from '../../src/db/cached-totals'
import {
  all,
  any,
  atLeast,
  below,
  type Condition,
  equals,
  holdsFolded,
  isNull,
  oneOf,
} from '../../src/db/conditions'
import { countOf } from '../../src/db/paging'
import { preparedByForm } from '../../src/db/prepared'
import type { Store } from '../../src/db/store'
import { cases } from '../../src/resources/cases/table'
import { createTestApp, type TestApp } from '../support/app'

const { name, value } = storeFacts

let app: TestApp
let store: Store
beforeEach(async () => {
  app = await createTestApp()
  store = app.deps.store
  const rows = { a: '50% off', b: '500 off', c: 'snake_case', d: 'snakeXcase', e: 'back\\slash', f: "it's" }
  await store.write(async (tx) => {
    await tx.delete(storeFacts)
    await tx
      .insert(storeFacts)
      .values(Object.entries(rows).map(([key, text]) => ({ name: key, value: text })))
  })
})
afterEach(() => app.close())

const select = preparedByForm<{ name: string }>((db, { where }) =>
  db.select({ name }).from(storeFacts).where(where).orderBy(name),
)
const found = async (where: Condition | undefined) =>
  (await select(store.read, { where: all([where, atLeast(name, '')]) })).map((row) => row.name).join('')

describe('a folded text', () => {
  test.each([
    ['nowhere', 'absent', ''],
    ['in any case, with accents and apostrophes', 'ÓFF', 'ab'],
    ['with any marks around its words', ' 500 – Off! ', 'b'],
    ['in a part of a word', '00', 'b'],
    ['only in its own order', 'off 50', ''],
    ['without wildcards', '5_0', ''],
    ['without an attempt to inject', "' OR 1=1 --", ''],
    ['nowhere if it has no word', ' %! ', ''],
  ])('is found %s', async (_, text, names) => {
    expect(await found(holdsFolded(value, text))).toBe(names)
  })
})

describe('conditions', () => {
  test('are none where no value is given', async () => {
    const none = [
      equals(name, undefined),
      oneOf(name, undefined),
      below(name, undefined),
      holdsFolded(name, undefined),
    ]
    expect(none).toEqual([undefined, undefined, undefined, undefined])
    expect(await found(undefined)).toBe('abcdef')
  })

  test('compare', async () => {
    expect(await found(equals(name, 'c'))).toBe('c')
    expect(await found(atLeast(name, 'c'))).toBe('cdef')
    expect(await found(below(name, 'c'))).toBe('ab')
    expect(await found(isNull(value))).toBe('')
  })

  test('find each of several values, one, and none of an empty list', async () => {
    expect(await found(oneOf(name, ['e', 'a', 'z']))).toBe('ae')
    expect(await found(oneOf(name, ['e']))).toBe('e')
    expect(await found(oneOf(name, []))).toBe('')
  })

  test('are joined with their values in their places', async () => {
    const either = any([equals(name, 'a'), undefined, all([atLeast(name, 'c'), below(name, 'e')])])
    expect(await found(either)).toBe('acd')
    expect(await found(all([either, oneOf(name, ['b', 'c', 'd'])]))).toBe('cd')
  })

  test('of one form share a query, whatever their values', async () => {
    expect(equals(name, 'a').form).toBe(equals(name, 'b').form)
    expect(oneOf(name, ['a', 'b'])?.form).toBe(oneOf(name, ['c', 'd'])?.form)
    expect(oneOf(name, ['a', 'b'])?.form).not.toBe(oneOf(name, ['a', 'b', 'c'])?.form)
    for (const one of ['a', 'f', 'z']) expect(await found(equals(name, one))).toBe(one === 'z' ? '' : one)
  })

  test('take values as the store keeps them', () => {
    expect(equals(cases.archived, true).values).toEqual([1])
    expect(equals(cases.priority, 'urgent').values).toEqual([3])
    expect(atLeast(cases.createdAt, new Date(5))?.values).toEqual([5])
  })
})

test('more forms than are kept still answer rightly', async () => {
  for (let length = 1; length <= 600; length++) {
    const names = Array.from({ length }, (_, i) => (i === 0 ? 'a' : `x${i}`))
    expect(await found(oneOf(name, names))).toBe('a')
  }
  expect(await found(oneOf(name, ['b']))).toBe('b')
})

describe('a count', () => {
  test('counts what matches, but no further than its bound', async () => {
    const matches = all([holdsFolded(value, 'off')])
    expect(await countOf(storeFacts)(store.read, matches)).toBe(2)
    expect(await countOf(storeFacts, 1)(store.read, matches)).toBe(1)
    expect(await countOf(storeFacts)(store.read, all([holdsFolded(value, 'absent')]))).toBe(0)
  })

  test('that is kept is made once a key, and again when it was crowded out', async () => {
    let counts = 0
    const total = (key: string) =>
      cachedTotal(store.read, key, async () => {
        counts++
        return 7
      })
    expect([await total('a'), await total('a'), counts]).toEqual([7, 7, 1])
    for (let i = 0; i < 5_000; i++) await total(`other ${i}`)
    expect([await total('a'), counts]).toEqual([7, 5_002])
  })
})
