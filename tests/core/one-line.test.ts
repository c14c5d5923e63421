import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { Type } from '@sinclair/typebox'
import { Nullable, Prose, Strict, Text } from '../../src/core/schema'
import { inspect, tidied, validate } from '../../src/core/validation'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'

const Person = Strict({
  name: Text(10),
  nick: Type.Optional(Nullable(Text(10))),
  note: Type.Optional(Prose(100)),
  tags: Type.Optional(Type.Array(Text(10))),
  place: Type.Optional(Nullable(Strict({ town: Text(10) }))),
  code: Type.Optional(Type.String()),
})

const controls = ['\u0001', '\u0007', '\u001b', '\u007f', '\u0080', '\u009f']

describe('a text of one line', () => {
  test.each(controls)('with the control character %j is refused, wherever it stands', (sign) => {
    for (const text of [`${sign}a`, `a${sign}b`, `a${sign}`]) {
      const value = { name: text, nick: text, tags: ['a', text], place: { town: text } }
      const faults = validate(Person, tidied(Person, value), 'body')
      expect(faults.map(({ path, message }) => `${path}: ${message}`)).toEqual([
        'name: Must not contain control characters',
        'nick: Must not contain control characters',
        'tags.1: Must not contain control characters',
        'place.town: Must not contain control characters',
      ])
    }
  })

  test.each(['\u200b', '\ufeff\u2060', '\u202a \u202c', '\n', ' \t '])(
    'of nothing that is seen is blank: %j',
    (text) => {
      const [fault] = validate(Person, tidied(Person, { name: text }), 'body')
      expect(fault?.message).toMatch(/^Must not be (blank|empty)$/)
    },
  )

  test.each([
    ['Mina\u200b Road', 'Mina Road'],
    ['\u202aMina Road\u202c', 'Mina Road'],
    ['\ufeffMina\u00ad Road\u200e', 'Mina Road'],
    ['\u2066\u202eMina Road\u2069', 'Mina Road'],
    ['Mina\r\nRoad', 'Mina Road'],
    ['Mina\tRoad', 'Mina Road'],
    ['Mina\u000bRoad', 'Mina Road'],
    ['Mina\u2028Road', 'Mina Road'],
    ['👩🏽‍🔧 Siân', '👩🏽‍🔧 Siân'],
    ['می\u200cخواهم', 'می\u200cخواهم'],
  ])('%j is kept as %j', (text, kept) => {
    const long = Strict({ name: Text(40) })
    expect(validate(long, tidied(long, { name: text }), 'body')).toEqual([])
    expect(inspect(long, { name: text }).sound).toEqual({ name: kept })
  })

  test('is all that is changed: prose, codes and what is unknown stay as they are', () => {
    const value = {
      name: 'a',
      note: 'one\r\n\ttwo\u200b',
      code: 'a\u200b',
      place: null,
      more: ['\u200b'],
      __proto__: { x: 1 },
    }
    expect(tidied(Person, value)).toEqual({
      name: 'a',
      note: value.note,
      code: value.code,
      place: null,
      more: ['\u200b'],
    })
    for (const other of [null, 'text\n', 1, ['a\n'], undefined])
      expect(tidied(Person, other)).toEqual(other as never)
  })
})

describe('over the API', () => {
  let app: TestApp
  let council: Council
  beforeAll(async () => {
    app = await createTestApp()
    council = await createCouncil(app, 'avon')
  })
  afterAll(() => app.close())
  const post = (path: string, body: unknown) => app.send('POST', path, { key: council.key, body })

  test('a summary, a title and a theme are refused with what is wrong, or kept as they are read', async () => {
    const bad = await post('/api/cases', { summary: 'Pot\u0007hole', publicThemes: ['ro\u001bads'] })
    expect([bad.status, bad.body.details.issues]).toEqual([
      400,
      ['summary', 'publicThemes.0'].map((path) => ({
        in: 'body',
        path,
        message: 'Must not contain control characters',
      })),
    ])
    const made = await post('/api/cases', {
      summary: '\u202ePothole\n on Mina\u200b Road\u202c',
      description: 'One\nTwo',
      location: { address: '1 Mina Road\nBristol', postcode: '\u202aBS2 9YT\u202c' },
    })
    expect(made.body).toMatchObject({
      summary: 'Pothole  on Mina Road',
      description: 'One\nTwo',
      location: { address: '1 Mina Road\nBristol', postcode: 'BS2 9YT' },
    })
    const news = await post('/api/news', { title: 'Road\u200b open', body: 'One\n\nTwo' })
    expect(news.body).toMatchObject({ title: 'Road open', body: 'One\n\nTwo' })
    const found = await app.send('GET', `/api/news?search=${encodeURIComponent('Road\u200b open')}`, {
      key: council.key,
    })
    expect(found.body.news).toHaveLength(1)
  })
})
