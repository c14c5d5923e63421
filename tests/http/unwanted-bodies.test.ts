import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type Listening, listen } from '../../src/http/server'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { unlimited } from '../support/http'
import { canSendWhole, type Form, sendWhole } from '../support/whole-bodies'

let app: TestApp
let council: Council
let server: Listening

beforeAll(async () => {
  app = await createTestApp({ ...unlimited, REEVE_PORT: '0' })
  council = await createCouncil(app, 'avon')
  server = listen(app.deps, app.handle)
})
afterAll(async () => {
  await server.stop()
  await app.close()
})

const times = 3
const mebibyte = 1_048_576
const tooLarge = [413, 'The body is larger than 1 MiB']

const answersTo = (path: string, key: string, size: number, form: Form) =>
  sendWhole(server.url + path, key, times, size, form)

describe.if(canSendWhole)('who sends everything first and then reads is told', () => {
  test.each([
    ['a body that is too large', '/api/cases', 2 * mebibyte, tooLarge],
    ['one that is much too large', '/api/cases', 6 * mebibyte, tooLarge],
    ['one that no route takes', '/api/nothing', 6 * mebibyte, [404, 'Route not found']],
  ] as const)('%s', async (_name, path, size, refusal) => {
    for (const form of ['whole', 'chunked'] as const) {
      expect([form, await answersTo(path, council.key, size, form)]).toEqual([
        form,
        Array(times).fill(refusal),
      ])
    }
  })

  test('that the key is wrong', async () => {
    const refusal = [401, 'Invalid API key']
    expect(await answersTo('/api/cases', 'nonsense', mebibyte, 'whole')).toEqual(Array(times).fill(refusal))
    expect(await answersTo('/api/cases', 'nonsense', 6 * mebibyte, 'chunked')).toEqual(
      Array(times).fill(refusal),
    )
  })
})
