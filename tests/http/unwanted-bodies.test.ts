import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type Listening, listen } from '../../src/http/server'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { unlimited } from '../support/http'

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

/** As many clients do, Python's sends the whole body before it looks for an answer. */
const script = `
import json, sys, urllib.error, urllib.request
url, key, times, size, form = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
def send():
    parts = (b"x" * 65536 for _ in range(size // 65536))
    headers = {"Content-Type": "application/json", "Authorization": "Bearer " + key}
    request = urllib.request.Request(url, b"x" * size if form == "whole" else parts, headers, method="POST")
    try:
        return [urllib.request.urlopen(request).status, ""]
    except urllib.error.HTTPError as error:
        return [error.code, json.load(error)["error"]]
    except Exception as error:
        return [0, str(error)]
print(json.dumps([send() for _ in range(times)]))
`

const times = 3
const mebibyte = 1_048_576
const tooLarge = [413, 'The body is larger than 1 MiB']

async function answersTo(path: string, key: string, size: number, form: string): Promise<unknown[]> {
  const args = [server.url + path, key, String(times), String(size), form]
  const python = Bun.spawn(['python3', '-c', script, ...args], { stderr: 'inherit' })
  return JSON.parse(await new Response(python.stdout).text())
}

describe.if(Bun.which('python3') !== null)('who sends everything first and then reads is told', () => {
  test.each([
    ['a body that is too large', '/api/cases', 2 * mebibyte, tooLarge],
    ['one that is much too large', '/api/cases', 6 * mebibyte, tooLarge],
    ['one that no route takes', '/api/nothing', 6 * mebibyte, [404, 'Route not found']],
  ] as const)('%s', async (_name, path, size, refusal) => {
    for (const form of ['whole', 'chunked']) {
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
