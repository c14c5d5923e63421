import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { About, Action } from '../../src/core/about'
import type { ApiDocument } from '../../src/http/docs/types'
import { publicAbout } from '../../src/public/about'
import { abouts, entityLabels } from '../../src/resources/all'
import { operationsOf, parametersOf, readDocument } from '../docs/document'
import { createTestApp, type TestApp } from '../support/app'

let app: TestApp
let document: ApiDocument

beforeAll(async () => {
  app = await createTestApp()
  document = await readDocument(app)
})

afterAll(() => app.close())

const all: readonly About[] = [...abouts, publicAbout]

/** Names of a part, as often as resources explain them. */
const namesOf = (part: 'scopes' | 'entities' | 'actions' | 'events' | 'parameters' | 'samples') =>
  all.flatMap((about) => Object.keys(about[part] ?? {}))

describe('what resources say about themselves', () => {
  test.each(['scopes', 'entities', 'actions', 'events', 'parameters', 'samples'] as const)(
    'is said by one of them alone: %s',
    (part) => {
      const names = namesOf(part)
      expect(names.length).toBeGreaterThan(5)
      expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
    },
  )

  test('explains only parameters that there are', () => {
    const known = operationsOf(document).flatMap(({ path, operation }) => {
      const collection = (path.split('/')[path.startsWith('/public/') ? 3 : 2] ?? '').replace(/\..*$/, '')
      return parametersOf(document, operation).flatMap(({ name }) => [
        `${operation.operationId}.${name}`,
        `${collection}.${name}`,
        name,
      ])
    })
    expect(namesOf('parameters').filter((name) => !known.includes(name))).toEqual([])
  })

  test('has a label for every kind of thing in the audit log', () => {
    const root = join(import.meta.dir, '..', '..', 'src')
    const found = [...new Bun.Glob('{core,resources,http}/**/*.ts').scanSync(root)].flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/\bentity: '(\w+)'/g)].map(
        ([, entity = '']) => entity,
      ),
    )
    expect(found.length).toBeGreaterThan(30)
    expect(found.filter((entity) => !(entity in entityLabels))).toEqual([])
  })

  test('makes a misspelt action a compile error', () => {
    // @ts-expect-error: no resource has an action of this name.
    const misspelt: Action = 'case.clsoe'
    const action: Action = 'case.close'
    expect(action).not.toBe(misspelt)
  })
})
