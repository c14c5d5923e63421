import { afterAll, beforeAll, expect, test } from 'bun:test'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { type RulesetDefinition, Spectral } from '@stoplight/spectral-core'
import { oas } from '@stoplight/spectral-rulesets'
import type { Operation } from '../../src/http/docs/types'
import { createTestApp, type TestApp } from '../support/app'
import { readDocument } from './document'
import { switchedOff } from './lint-rules'

let app: TestApp

beforeAll(async () => {
  app = await createTestApp()
})

afterAll(() => app.close())

const isOff = (linter: string, rule: string, place: string) =>
  switchedOff.some((one) => one.linter === linter && one.rule === rule && one.at.test(place))

async function redocly(document: object): Promise<string[]> {
  const config = await createConfig({ extends: ['recommended'] })
  const problems = await lintFromString({
    source: JSON.stringify(document),
    absoluteRef: 'openapi.json',
    config,
  })
  return problems
    .map(({ ruleId, message, location }) => ({ ruleId, message, place: location[0]?.pointer ?? '' }))
    .filter(({ ruleId, place }) => !isOff('redocly', ruleId, place))
    .map(({ ruleId, message, place }) => `${ruleId}: ${message} ${place}`)
}

async function spectral(document: object): Promise<string[]> {
  const linter = new Spectral()
  linter.setRuleset({ extends: [[oas as RulesetDefinition, 'recommended']] })
  const problems = await linter.run(JSON.parse(JSON.stringify(document)))
  return problems
    .map(({ code, message, path }) => ({ code, message, place: path.join('.') }))
    .filter(({ code, place }) => !isOff('spectral', String(code), place))
    .map(({ code, message, place }) => `${code}: ${message} ${place}`)
}

// A machine that is busy with other things takes several seconds.
const linters = [
  ['Redocly', redocly],
  ['Spectral', spectral],
] as const

test.each(linters)('%s finds no error and no warning', async (_name, lint) => {
  expect(await lint(await readDocument(app))).toEqual([])
})

test.each(linters)('%s would find what is wrong', async (_name, lint) => {
  const document = await readDocument(app)
  const health = document.paths['/health']?.get as Operation
  // One operation is enough to be right or wrong, and is read in a moment.
  const withOnly = (operation: object) => ({ ...document, paths: { '/health': { get: operation } } })
  const { operationId: _operationId, ...nameless } = health
  const known = new Set(await lint(withOnly(health)))
  const found = await lint(withOnly({ ...nameless, responses: {} }))
  expect(found.filter((fault) => !known.has(fault)).length).toBeGreaterThan(1)
})
