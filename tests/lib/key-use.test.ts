import { describe, expect, test } from 'bun:test'
import { KeyUses } from '../../src/lib/key-use'

const at = (time: string) => new Date(`2026-03-13T${time}Z`)

describe('uses of keys', () => {
  test('are counted by key and hour, with the minute of the last', () => {
    const uses = new KeyUses()
    uses.count('a', at('09:30:01.000'), false)
    uses.count('a', at('09:59:59.999'), true)
    uses.count('b', at('09:59:59.999'), false)
    uses.count('a', at('10:00:00.000'), true)
    uses.count('a', at('09:45:00.000'), true)
    const hour = at('09:00:00.000')
    expect(uses.take()).toEqual([
      { keyId: 'a', hour, requests: 3, limited: 2, lastUsedAt: at('09:59:00.000') },
      { keyId: 'b', hour, requests: 1, limited: 0, lastUsedAt: at('09:59:00.000') },
      { keyId: 'a', hour: at('10:00:00.000'), requests: 1, limited: 1, lastUsedAt: at('10:00:00.000') },
    ])
  })

  test('are handed over once', () => {
    const uses = new KeyUses()
    uses.count('a', at('09:30:00.000'), false)
    expect(uses.take()).toHaveLength(1)
    expect(uses.take()).toEqual([])
  })

  test('that could not be stored are added to those that came meanwhile', () => {
    const uses = new KeyUses()
    uses.count('a', at('09:30:00.000'), true)
    uses.count('b', at('09:30:00.000'), false)
    const taken = uses.take()
    uses.count('a', at('09:31:00.000'), false)
    uses.putBack(taken)
    const hour = at('09:00:00.000')
    expect(uses.take()).toEqual([
      { keyId: 'a', hour, requests: 2, limited: 1, lastUsedAt: at('09:31:00.000') },
      { keyId: 'b', hour, requests: 1, limited: 0, lastUsedAt: at('09:30:00.000') },
    ])
  })

  test('beyond the greatest number are forgotten, the oldest first', () => {
    const uses = new KeyUses(2)
    for (const id of ['a', 'b', 'c']) uses.count(id, at('09:30:00.000'), false)
    expect(uses.take().map(({ keyId }) => keyId)).toEqual(['b', 'c'])
  })
})
