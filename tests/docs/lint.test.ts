import { afterAll, beforeAll, expect, test } from 'bun:test'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { type RulesetDefinition, Spectral } from '@stoplight/spectral-core'
import { oas } from '@stoplight/spectral-rulesets'
import { createTestApp, type TestApp } from '../support/app'
import { readDocument } from './document'
import { switchedOff } from './lint-rules'

let app: TestApp

beforeAll(async () => {
  app = await createTestApp()
})

afterAll(() => app.close())

const offIn = (linter: string) =>
  Object.fromEntries(
    switchedOff.filter((one) => one.linter === linter).map(({ rule }) => [rule, 'off' as const]),
  )

async function redocly(document: object): Promise<string[]> {
  const config = await createConfig({ extends: ['recommended'], rules: offIn('redocly') })
  const problems = await lintFromString({
    source: JSON.stringify(document),
    absoluteRef: 'openapi.json',
    config,
  })
  return problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`)
}

async function spectral(document: object): Promise<string[]> {
  const linter = new Spectral()
  linter.setRuleset({ extends: [[oas as RulesetDefinition, 'recommended']], rules: offIn('spectral') })
  const problems = await linter.run(JSON.parse(JSON.stringify(document)))
  return problems.map(({ code, message, path }) => `${code}: ${message} ${path.join('.')}`)
}

// A machine that is busy with other things takes several seconds.
const linters = [
  ['Redocly', redocly],
  ['Spectral', spectral],
] as const

test.each(linters)(
  '%s finds no error and no warning',
  async (_name, lint) => {
    expect(await lint(await readDocument(app))).toEqual([])
  },
  30_000,
)

test.each(linters)(
  '%s would find what is wrong',
  async (_name, lint) => {
    const document = await readDocument(app)
    const { operationId: _operationId, ...operation } = document.paths['/health']?.get ?? {}
    const broken = {
      ...document,
      paths: { ...document.paths, '/health': { get: { ...operation, responses: {} } } },
    }
    expect(await lint(broken)).not.toEqual([])
  },
  30_000,
)
