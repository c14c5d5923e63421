import { describe, expect, test } from 'bun:test'
import { MadeOnce } from '../../src/lib/made-once'
import { Slots } from '../../src/lib/slots'
import { Turns } from '../../src/lib/turns'

const settled = async (work: Promise<unknown>[]) =>
  (await Promise.allSettled(work)).map((one) => (one.status === 'fulfilled' ? one.value : one.reason.message))

describe('turns', () => {
  test('only one piece of work runs in a turn of the loop, in the order in which they came', async () => {
    const turns = new Turns()
    const order: string[] = []
    let isOver = false
    const tick = () => {
      order.push('-')
      if (!isOver) setImmediate(tick)
    }
    setImmediate(tick)
    const long = async (name: string) => {
      for (const part of [1, 2]) await turns.run(async () => order.push(`${name}${part}`))
    }
    await Promise.all([long('a'), long('b')])
    isOver = true
    expect(order.filter((step) => step !== '-')).toEqual(['a1', 'b1', 'a2', 'b2'])
    expect(order.join('')).not.toMatch(/\d\w/)
  })

  test('work that fails fails for whoever asked for it, and the next goes on', async () => {
    const turns = new Turns()
    const work = [turns.run(() => Promise.reject(new Error('broken'))), turns.run(async () => 'whole')]
    expect(await settled(work)).toEqual(['broken', 'whole'])
    expect(await turns.run(async () => 'later')).toBe('later')
  })
})

test('slots are bounded in all and for a key, and come back once', () => {
  const slots = new Slots(3, 2)
  const [first, second] = [slots.take('a'), slots.take('a')]
  expect([first, second, slots.take('a')]).toEqual([expect.any(Function), expect.any(Function), null])
  expect([slots.take('b'), slots.take('c')]).toEqual([expect.any(Function), null])
  first?.()
  first?.()
  expect([slots.take('c'), slots.take('c')]).toEqual([expect.any(Function), null])
})

describe('what is costly is made once', () => {
  const making = () => {
    const made: string[] = []
    const make =
      (name: string, bytes = 1) =>
      async () => {
        made.push(name)
        await new Promise((turned) => setImmediate(turned))
        return { name, bytes }
      }
    return { made, make }
  }

  test('for a version, however many ask meanwhile', async () => {
    const { made, make } = making()
    const kept = new MadeOnce<{ name: string; bytes: number }>(10)
    const all = await Promise.all([1, 2, 3].map(() => kept.get('avon', '1', make('avon 1'))))
    expect(all.map(({ name }) => name)).toEqual(['avon 1', 'avon 1', 'avon 1'])
    await kept.get('avon', '2', make('avon 2'))
    await kept.get('avon', '2', make('avon 2'))
    expect(made).toEqual(['avon 1', 'avon 2'])
  })

  test('and again after what failed', async () => {
    const { made, make } = making()
    const kept = new MadeOnce<{ name: string; bytes: number }>(10)
    const fail = () => Promise.reject(new Error('broken'))
    expect(await settled([kept.get('avon', '1', fail), kept.get('avon', '1', fail)])).toEqual([
      'broken',
      'broken',
    ])
    await kept.get('avon', '1', make('avon'))
    expect(made).toEqual(['avon'])
  })

  test('and again where there was no room: what was asked for last stays', async () => {
    const { made, make } = making()
    const kept = new MadeOnce<{ name: string; bytes: number }>(10)
    for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) await kept.get(name, '1', make(name, 5))
    expect(made.join('')).toBe('abcb')
    for (const _ of [1, 2]) await kept.get('large', '1', make('large', 50))
    await kept.get('a', '1', make('a', 5))
    expect(made.join('')).toBe('abcblargea')
  })
})
