import { describe, expect, test } from 'bun:test'
import { type EventName, eventNames } from '../../../src/core/outbox/table'
import { webhookEvents } from '../../../src/resources/all'
import { isSubscribed } from '../../../src/resources/webhooks/matching'

type Asked = Parameters<typeof isSubscribed>[0]
type Happened = Parameters<typeof isSubscribed>[1]

const asks = (more: Partial<Asked> = {}): Asked => ({
  ...{ id: 'endpoint', events: [...eventNames], wardId: null, categoryId: null },
  ...more,
})
const happened = (event: EventName, data: object = {}, entityId = 'thing'): Happened => ({
  ...{ event, data, entityId },
})
const aboutCase = (wardId: string | null, categoryId: string | null) => ({ case: { wardId, categoryId } })

describe('an endpoint', () => {
  test.each(eventNames.filter((name) => name !== 'webhook_test'))(
    'is told of %s where it asks for it and not where it asks for all else',
    (event) => {
      const subjects = Object.keys(webhookEvents[event].data.properties)
      const data = Object.fromEntries(
        subjects.map((name) => [name, { wardId: null, categoryId: null, wardIds: [] }]),
      )
      expect(isSubscribed(asks({ events: [event] }), happened(event, data))).toBe(true)
      const others = eventNames.filter((name) => name !== event)
      expect(isSubscribed(asks({ events: others }), happened(event, data))).toBe(false)
    },
  )

  test('is not told of an event that it cannot know', () => {
    expect(isSubscribed(asks(), { event: 'case_exploded', entityId: 'thing', data: {} })).toBe(false)
  })

  test('gets its own test without asking for it, and nobody else’s though it asks', () => {
    expect(isSubscribed(asks({ events: [] }), happened('webhook_test', {}, 'endpoint'))).toBe(true)
    const narrow = asks({ events: [], wardId: 'w', categoryId: 'c' })
    expect(isSubscribed(narrow, happened('webhook_test', {}, 'endpoint'))).toBe(true)
    expect(isSubscribed(asks(), happened('webhook_test', {}, 'another'))).toBe(false)
  })

  test('is told of another’s end and not of its own', () => {
    expect(isSubscribed(asks(), happened('webhook_disabled', {}, 'another'))).toBe(true)
    expect(isSubscribed(asks(), happened('webhook_disabled', {}, 'endpoint'))).toBe(false)
  })
})

describe('a filter', () => {
  test.each([
    // The wanted ward and category, then the case’s.
    [null, null, null, null, true],
    [null, null, 'w', 'c', true],
    ['w', null, 'w', null, true],
    ['w', null, 'w', 'c', true],
    ['w', null, 'x', 'c', false],
    ['w', null, null, 'c', false],
    [null, 'c', 'w', 'c', true],
    [null, 'c', null, 'c', true],
    [null, 'c', 'w', 'd', false],
    [null, 'c', 'w', null, false],
    ['w', 'c', 'w', 'c', true],
    ['w', 'c', 'w', 'd', false],
    ['w', 'c', 'x', 'c', false],
    ['w', 'c', null, null, false],
  ])(
    'of ward %p and category %p, for a case of %p and %p: %p',
    (wardId, categoryId, ward, category, told) => {
      const data = aboutCase(ward, category)
      expect(isSubscribed(asks({ wardId, categoryId }), happened('case_updated', data))).toBe(told)
    },
  )

  test.each([
    ['event', 'event_published'],
    ['news', 'news_published'],
    ['councillor', 'councillor_profile_updated'],
  ] as const)('of a ward passes what is about it or the whole council: %s', (about, event) => {
    const told = (wardId: string | null, wardIds: string[]) =>
      isSubscribed(asks({ wardId }), happened(event, { [about]: { wardIds } }))
    expect([told('w', ['w']), told('w', ['v', 'w']), told('w', []), told(null, ['v'])]).toEqual(
      Array(4).fill(true),
    )
    expect([told('w', ['v']), told('w', ['v', 'x'])]).toEqual([false, false])
  })

  test('of a category says nothing of what is no case', () => {
    const asked = asks({ categoryId: 'c' })
    expect(isSubscribed(asked, happened('news_published', { news: { wardIds: ['v'] } }))).toBe(true)
    expect(isSubscribed(asked, happened('event_cancelled', { event: { wardIds: [] } }))).toBe(true)
    const both = asks({ categoryId: 'c', wardId: 'w' })
    expect(isSubscribed(both, happened('news_published', { news: { wardIds: ['v'] } }))).toBe(false)
  })

  test('lets pass that a webhook was disabled, which is about no ward', () => {
    const asked = asks({ wardId: 'w', categoryId: 'c' })
    expect(isSubscribed(asked, happened('webhook_disabled', { webhook: { id: 'another' } }, 'another'))).toBe(
      true,
    )
  })
})
