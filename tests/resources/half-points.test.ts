import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'

let app: TestApp
let council: Council
beforeAll(async () => {
  app = await createTestApp()
  council = await createCouncil(app, 'avon')
})
afterAll(() => app.close())

const ask = (method: string, path: string, body: object) => app.send(method, path, { key: council.key, body })

test.each([
  ['cases', { summary: 'A' }, 'location'],
  ['events', { title: 'A', startAt: '2026-12-20T10:00:00Z' }, 'venue'],
])('half a point of %s is refused, and half a change of a whole one is not', async (list, basis, name) => {
  const half = await ask('POST', `/api/${list}`, { ...basis, [name]: { latitude: 51.5 } })
  expect([half.status, half.body.details.issues]).toEqual([
    400,
    [{ in: 'body', path: `${name}.longitude`, message: 'Required where latitude is given' }],
  ])
  const whole = await ask('POST', `/api/${list}`, { ...basis, [name]: { latitude: 51.5, longitude: -2.5 } })
  expect(whole.status).toBe(201)
  const patch = (point: object) => ask('PATCH', `/api/${list}/${whole.body.id}`, { [name]: point })
  const cleared = await patch({ latitude: null })
  expect([cleared.status, cleared.body.details.issues[0].path]).toEqual([400, `${name}.latitude`])
  expect((await patch({ longitude: -2.6 })).body[name]).toMatchObject({ latitude: 51.5, longitude: -2.6 })
  expect((await patch({ latitude: null, longitude: null })).status).toBe(200)
})
