import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { AppError } from '../../../src/lib/errors'
import { assignCases } from '../../../src/resources/cases/assign.service'
import { createContact } from '../../../src/resources/cases/public/contact.service'
import { createCase, patchCase } from '../../../src/resources/cases/service'
import { addNote } from '../../../src/resources/cases/timeline/service'
import { type Council, createCouncil, createTestApp, type TestApp } from '../../support/app'
import { createTestCase } from '../../support/casework'
import { unlimited } from '../../support/http'

let app: TestApp
let council: Council
let id: string

beforeAll(async () => {
  app = await createTestApp(unlimited)
  council = await createCouncil(app, 'avon')
  id = (await createTestCase(app, council)).id
})
afterAll(() => app.close())

type Verb = (ctx: Council['ctx']) => Promise<unknown>

// As the dashboard, the command line or a job calls them: without the schemas of the routes before them.
test.each<[string, string[], Verb]>([
  ['createCase', ['priority', 'wardId'], (ctx) => createCase(ctx, wrong({ priority: 'top', wardId: 'x' }))],
  ['patchCase', ['priority', 'wardId'], (ctx) => patchCase(ctx, id, wrong({ priority: 'top', wardId: 'x' }))],
  ['addNote', ['body'], (ctx) => addNote(ctx, id, wrong({ body: ' ' }))],
  ['assignCases', ['ids', 'assigneeId'], (ctx) => assignCases(ctx, wrong({ ids: [], assigneeId: 'x' }))],
  ['createContact', ['name', 'wardId'], (ctx) => createContact(ctx, app.deps.random, wrong({ wardId: 'x' }))],
])('%s itself refuses what does not fit, every fault at once', async (_, paths, verb) => {
  const refusal = (await verb(council.ctx).catch((error: unknown) => error)) as AppError
  expect(refusal.kind).toBe('bad_request')
  const issues = refusal.details.issues as { path: string }[]
  expect(paths.filter((path) => !issues.some((issue) => issue.path === path))).toEqual([])
})

const wrong = (input: Record<string, unknown>) => ({ summary: 'x', message: 'x', ...input }) as never
