import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import {
  type Limits,
  type OnItsWay,
  type Ready,
  most as served,
  shareSlots,
} from '../../../src/resources/webhooks/queue/slots'

/** Smaller than those served with, so that few are many. */
const most: Limits = { inAll: 64, ofTenant: 32, toEndpoint: 8, toFailing: 1, failingFrom: 5, atOnce: 64 }

const now = new Date('2026-03-13T09:30:00.000Z')
const [sooner, later] = [new Date(now.getTime() - 1), new Date(now.getTime() + 1)]

const readyOf = (tenantId: string, endpointId: string, more: Partial<Ready> = {}): Ready => ({
  ...{ tenantId, endpointId, dueAt: sooner, failureCount: 0 },
  ...more,
})
const endpoints = (tenantId: string, howMany: number, more: Partial<Ready> = {}): Ready[] =>
  Array.from({ length: howMany }, (_, i) => readyOf(tenantId, `${tenantId}-${i}`, more))
const times = <T extends OnItsWay>(howMany: number, one: T): T[] => Array.from({ length: howMany }, () => one)

const share = (ready: readonly Ready[], onItsWay: readonly OnItsWay[] = []) =>
  Object.fromEntries(shareSlots(ready, onItsWay, now, most))
const sum = (shares: Record<string, number>) => Object.values(shares).reduce((total, one) => total + one, 0)
const ofTenant = (shares: Record<string, number>, tenantId: string) =>
  sum(Object.fromEntries(Object.entries(shares).filter(([id]) => id.startsWith(`${tenantId}-`))))

describe('nothing is taken up', () => {
  test('where nothing waits, and where what waits is not due yet', () => {
    expect(share([])).toEqual({})
    expect(share([...endpoints('a', 3, { dueAt: later }), readyOf('b', 'b-0', { dueAt: now })])).toEqual({
      'b-0': most.toEndpoint,
    })
  })

  test.each([
    ['64 are on their way', times(64, { tenantId: 'x', endpointId: 'x-0' })],
    ['32 of the council are', times(32, { tenantId: 'a', endpointId: 'a-9' })],
    ['8 to the endpoint are', times(8, { tenantId: 'a', endpointId: 'a-0' })],
  ])('where %s', (_, onItsWay) => {
    expect(share([readyOf('a', 'a-0')], onItsWay)).toEqual({})
  })

  test('for an endpoint that keeps failing where one is on its way, though more were before it failed', () => {
    const failing = readyOf('a', 'a-0', { failureCount: 5 })
    for (const howMany of [1, 8]) expect(share([failing], times(howMany, failing))).toEqual({})
  })
})

describe('an endpoint', () => {
  test('gets eight at a time', () => {
    expect(share([readyOf('a', 'a-0')])).toEqual({ 'a-0': 8 })
    expect(share([readyOf('a', 'a-0')], times(5, { tenantId: 'a', endpointId: 'a-0' }))).toEqual({ 'a-0': 3 })
  })

  test.each([
    [0, 8],
    [4, 8],
    [5, 1],
    [500, 1],
  ])('that has failed %i times gets %i', (failureCount, expected) => {
    expect(share([readyOf('a', 'a-0', { failureCount })])).toEqual({ 'a-0': expected })
  })
})

describe('councils', () => {
  test('get 32 at most, however many endpoints they have, each of which has its turn', () => {
    const shares = share(endpoints('a', 100))
    expect(sum(shares)).toBe(32)
    expect(Object.keys(shares)).toHaveLength(32)
    expect(share(endpoints('a', 10))).toEqual({
      ...Object.fromEntries(endpoints('a', 10).map(({ endpointId }) => [endpointId, 3])),
      ...{ 'a-0': 4, 'a-1': 4 },
    })
  })

  test('with one endpoint get all that it may have beside one with a hundred', () => {
    for (const ready of [
      [...endpoints('a', 100), ...endpoints('b', 1)],
      [...endpoints('b', 1), ...endpoints('a', 100)],
    ]) {
      const shares = share(ready)
      expect([ofTenant(shares, 'a'), ofTenant(shares, 'b')]).toEqual([32, 8])
    }
  })

  test('that are many share the 64, none having more than one beyond another', () => {
    const ready = Array.from({ length: 10 }, (_, i) => endpoints(`t${i}`, i + 1)).flat()
    const shares = share(ready)
    expect(sum(shares)).toBe(64)
    const each = Array.from({ length: 10 }, (_, i) => ofTenant(shares, `t${i}`))
    expect([Math.min(...each), Math.max(...each)]).toEqual([6, 7])
  })

  test('with much on its way come after those with nothing', () => {
    const busy = times(31, { tenantId: 'a', endpointId: 'a-99' })
    const others = times(23, { tenantId: 'x', endpointId: 'x-0' })
    const shares = share([...endpoints('a', 40), ...endpoints('b', 40)], [...busy, ...others])
    expect([ofTenant(shares, 'a'), ofTenant(shares, 'b')]).toEqual([0, 10])
  })

  test('more than there are slots get one each, for 64 of them', () => {
    const shares = share(Array.from({ length: 100 }, (_, i) => readyOf(`t${i}`, `t${i}-0`)))
    expect(Object.values(shares)).toEqual(Array(64).fill(1))
  })
})

describe('what is taken up at once', () => {
  test('is bounded, and each council has its turn in it', () => {
    const ready = [...endpoints('a', 100), ...endpoints('b', 100)]
    const shares = Object.fromEntries(shareSlots(ready, [], now, { ...most, atOnce: 16 }))
    expect([ofTenant(shares, 'a'), ofTenant(shares, 'b')]).toEqual([8, 8])
  })

  test('leaves room for others where five receivers of a council hang', () => {
    const hanging = Array.from({ length: 5 }, (_, i) =>
      times(served.toEndpoint, readyOf('a', `a-${i}`)),
    ).flat()
    expect(shareSlots([readyOf('a', 'a-9')], hanging, now, served).get('a-9')).toBe(served.toEndpoint)
  })
})

describe('whatever waits and is on its way', () => {
  const limitOf = ({ failureCount }: Ready) => (failureCount >= 5 ? most.toFailing : most.toEndpoint)
  const count = (list: readonly OnItsWay[], key: keyof OnItsWay, id: string) =>
    list.filter((one) => one[key] === id).length

  const place = fc.record({ tenant: fc.nat(4), endpoint: fc.nat(11) })
  const situation = fc.record({
    ready: fc.uniqueArray(
      fc.record({
        place,
        failureCount: fc.constantFrom(0, 0, 4, 5, 9),
        dueAt: fc.constantFrom(sooner, sooner, now, later),
      }),
      { maxLength: 40, selector: ({ place }) => `${place.tenant}-${place.endpoint}` },
    ),
    onItsWay: fc.array(place, { maxLength: 64, size: 'max' }),
  })
  const named = ({ tenant, endpoint }: { tenant: number; endpoint: number }): OnItsWay => ({
    tenantId: `t${tenant}`,
    endpointId: `t${tenant}-${endpoint}`,
  })

  test('no limit is passed, no slot stays free that somebody could have, and nobody gets two turns before another has one', () => {
    fc.assert(
      fc.property(situation, (drawn) => {
        const onItsWay = drawn.onItsWay.map(named)
        const ready = drawn.ready.map(({ place, ...rest }): Ready => ({ ...named(place), ...rest }))
        const shares = shareSlots(ready, onItsWay, now, most)
        const given = ready.flatMap((one) => times(shares.get(one.endpointId) ?? 0, one))
        const all = [...onItsWay, ...given]
        const shareOf = ({ endpointId }: Ready) => shares.get(endpointId) ?? 0
        const totalOf = (tenantId: string) => count(all, 'tenantId', tenantId)

        // Limits. What is on its way may be beyond one already: then nothing is added.
        expect(given.length).toBe([...shares.values()].reduce((total, one) => total + one, 0))
        expect(all.length).toBeLessThanOrEqual(most.inAll)
        for (const one of given) {
          expect(one.dueAt.getTime()).toBeLessThanOrEqual(now.getTime())
          expect(count(all, 'endpointId', one.endpointId)).toBeLessThanOrEqual(limitOf(one))
          expect(totalOf(one.tenantId)).toBeLessThanOrEqual(most.ofTenant)
        }

        const hungry = ready.filter(
          (one) =>
            one.dueAt <= now &&
            count(all, 'endpointId', one.endpointId) < limitOf(one) &&
            totalOf(one.tenantId) < most.ofTenant,
        )
        if (all.length < most.inAll) expect(hungry).toEqual([])
        for (const one of hungry) {
          for (const other of given) {
            expect(totalOf(other.tenantId)).toBeLessThanOrEqual(totalOf(one.tenantId) + 1)
            if (other.tenantId === one.tenantId) expect(shareOf(other)).toBeLessThanOrEqual(shareOf(one) + 1)
          }
        }
      }),
      { numRuns: 500 },
    )
  })
})
