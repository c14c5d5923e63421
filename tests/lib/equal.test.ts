import { describe, expect, test } from 'bun:test'
import { isEqual } from '../../src/lib/equal'

const noon = '2026-03-02T12:00:00.000Z'

describe('isEqual', () => {
  test.each([
    ['properties in another order', { a: 1, b: [2, { c: 3 }] }, { b: [2, { c: 3 }], a: 1 }],
    ['an undefined property and an absent one', { a: 1, b: undefined }, { a: 1 }],
    ['dates of the same moment', { at: new Date(noon) }, { at: new Date(noon) }],
    ['parsed JSON and an object without a prototype', { a: 1 }, Object.assign(Object.create(null), { a: 1 })],
    ['null and null', null, null],
    ['0 and -0', { at: [0, 1] }, { at: [-0, 1] }],
  ])('finds these equal: %s', (_, a, b) => {
    expect([isEqual(a, b), isEqual(b, a)]).toEqual([true, true])
  })

  test.each([
    ['null and an absent property', { a: null }, {}],
    ['null and empty text', { a: null }, { a: '' }],
    ['a number and its text', { a: 1 }, { a: '1' }],
    ['dates of two moments', { at: new Date(noon) }, { at: new Date(0) }],
    ['a date and its text', new Date(noon), noon],
    ['lists in another order', ['a', 'b'], ['b', 'a']],
    ['a list and an object', [], {}],
    ['a list and a longer one', [1], [1, undefined]],
    ['a date and an object', new Date(noon), {}],
  ])('finds these different: %s', (_, a, b) => {
    expect([isEqual(a, b), isEqual(b, a)]).toEqual([false, false])
  })
})
