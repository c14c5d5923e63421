import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { type Council, createCouncil, createTestApp, type TestApp } from '../../support/app'
import { issuesOf, unlimited } from '../../support/http'
import { hooksOf } from './support'

let app: TestApp
let council: Council
let call: ReturnType<typeof hooksOf>
/** What each name leads to; a name that is not here leads nowhere. */
let names: Record<string, string[]>

beforeAll(async () => {
  app = await createTestApp(unlimited, {
    outbound: { resolve: async (name) => names[name] ?? [], allow: [] },
  })
  call = hooksOf(app)
})
afterAll(() => app.close())

let fresh = 0
beforeEach(async () => {
  names = {
    'crm.example.gov.uk': ['93.184.216.34'],
    'inside.example.org': ['10.0.0.1'],
    'both.example.org': ['93.184.216.34', '127.0.0.1'],
  }
  council = await createCouncil(app, `fresh-${++fresh}`)
})

const url = 'https://crm.example.gov.uk/hooks'
const events = ['case_created']
const refused: [what: string, address: string][] = [
  ['a name that leads inside', 'https://inside.example.org/'],
  ['a name that leads inside too', 'https://both.example.org/'],
  ['a name that leads nowhere', 'https://nowhere.example.org/'],
  ['this machine', 'https://127.0.0.1/'],
  ['what tells a cloud’s secrets', 'https://169.254.169.254/latest/meta-data/'],
  ['not encrypted', 'http://crm.example.gov.uk/hooks'],
  ['one with a password', 'https://user:secret@crm.example.gov.uk/'],
  ['none', 'crm.example.gov.uk'],
]

describe('the address of a webhook is refused', () => {
  test.each(refused)('where it is %s: 400 that names it', async (_, address) => {
    const made = await call.post({ url: address, events }, council)
    expect([made.status, issuesOf(made)]).toEqual([400, ['body url']])
    expect(await call.list('', council)).toEqual([])
    const { id } = await call.create({ url, events }, council)
    const changed = await call.patch(id, { url: address, description: 'Lost' }, council)
    expect([changed.status, issuesOf(changed)]).toEqual([400, ['body url']])
    expect((await call.get(id, council)).body).toMatchObject({ url, description: null })
  })

  test('together with all other faults', async () => {
    const filter = { wardId: 'unknown', categoryId: 'unknown' }
    const answer = await call.post({ url: 'https://inside.example.org/', events, filter }, council)
    expect([answer.status, issuesOf(answer)]).toEqual([
      400,
      ['body url', 'body filter.wardId', 'body filter.categoryId'],
    ])
  })

  test('in words that tell nothing of the network, nor repeat a password', async () => {
    for (const [, address] of refused.filter(([, one]) => !/\d\.\d/.test(one))) {
      const { text } = await call.post({ url: address, events }, council)
      expect(text).not.toMatch(/10\.0\.0\.1|127\.0|93\.184|secret/)
    }
  })
})

describe('the address of a webhook', () => {
  test('is not looked up for a change that leaves it as it is', async () => {
    const { id } = await call.create({ url, events }, council)
    names = {}
    const changed = await call.change(id, { url, description: 'The CRM' }, council)
    expect(changed).toMatchObject({ url, description: 'The CRM' })
  })

  test('is no reason to refuse a request that was answered before', async () => {
    const post = () =>
      call.send('POST', '', council, {
        body: { url, events },
        headers: { 'idempotency-key': `key-${fresh}` },
      })
    const first = await post()
    names = {}
    const again = await post()
    expect([again.status, again.body]).toEqual([201, { ...first.body, secret: null }])
  })
})
