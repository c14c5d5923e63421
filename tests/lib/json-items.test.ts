import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { findItems } from '../../src/lib/json-items'

const itemsIn = (text: string, property = 'features') => {
  const found = findItems(text, property)
  return found && { items: found.places.map(([start, end]) => text.slice(start, end)), rest: found.rest }
}

describe('the items of a list are', () => {
  test('found whole, whatever they hold and wherever the list is', () => {
    const item = '{"a": "]}\\"{[", "features": [1, [2]]}'
    const text = `\n{"features": "no", "crs": {"features": [3]}, "features" : [ ${item} ,\n${item}], "z": [1]}`
    expect(itemsIn(text)).toEqual({
      items: [item, item],
      rest: '\n{"features": "no", "crs": {"features": [3]}, "features" : [], "z": [1]}',
    })
    expect(itemsIn('{"features": []}')).toEqual({ items: [], rest: '{"features": []}' })
  })

  test('those that a whole reading gives', () => {
    const list = fc.array(fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue())))
    fc.assert(
      fc.property(fc.jsonValue(), list, fc.jsonValue(), (before, features, after) => {
        const found = itemsIn(JSON.stringify({ before, features, after }, null, 1))
        expect(found?.items.map((item) => JSON.parse(item))).toEqual(JSON.parse(JSON.stringify(features)))
        expect(JSON.parse(found?.rest ?? '')).toEqual(
          JSON.parse(JSON.stringify({ before, features: [], after })),
        )
      }),
    )
  })

  test.each([
    '[1]',
    '{"features": 3}',
    '{"features": {"a": []}}',
    '{"features": [{}',
    '{"features": "[{}]"}',
  ])('not there in %s', (text) => expect(itemsIn(text)).toBeUndefined())

  test.each(['[null, {}]', '[{}, 1]', '[{} {}]', '[{},, {}]', '[{},]', '[, {}]'])('not clear in %s', (list) =>
    expect(itemsIn(`{"features": ${list}}`)).toBeUndefined(),
  )
})
