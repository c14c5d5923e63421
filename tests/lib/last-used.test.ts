import { describe, expect, test } from 'bun:test'
import { LastUsed } from '../../src/lib/last-used'

const at = (time: string) => new Date(`2026-03-13T${time}Z`)

describe('last-used times', () => {
  test('cost nothing more within the same minute, even after they were handed over', () => {
    const lastUsed = new LastUsed()
    lastUsed.touch('a', at('09:30:01.000'))
    lastUsed.touch('a', at('09:30:59.999'))
    expect(lastUsed.take().size).toBe(1)
    lastUsed.touch('a', at('09:30:59.999'))
    expect(lastUsed.take().size).toBe(0)
  })

  test('are kept to the minute, the latest of each key', () => {
    const lastUsed = new LastUsed()
    lastUsed.touch('a', at('09:30:45.678'))
    lastUsed.touch('b', at('09:30:50.000'))
    lastUsed.touch('a', at('09:32:10.000'))
    expect([...lastUsed.take()]).toEqual([
      ['a', at('09:32:00.000')],
      ['b', at('09:30:00.000')],
    ])
  })

  test('are handed over once', () => {
    const lastUsed = new LastUsed()
    lastUsed.touch('a', at('09:30:00.000'))
    const taken = lastUsed.take()
    expect(lastUsed.take().size).toBe(0)
    expect(taken.size).toBe(1)
  })

  test('begin again in the next minute', () => {
    const lastUsed = new LastUsed()
    lastUsed.touch('a', at('09:30:59.999'))
    lastUsed.take()
    lastUsed.touch('a', at('09:31:00.000'))
    expect([...lastUsed.take()]).toEqual([['a', at('09:31:00.000')]])
  })
})
