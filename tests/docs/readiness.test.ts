import { expect, test } from 'bun:test'
import { Type } from '@sinclair/typebox'
import { Elysia } from 'elysia'
import { Strict } from '../../src/core/schema'
import { createDocs } from '../../src/http/docs'
import { documentedFile } from '../../src/http/docs/responses'
import type { ApiDocument, Operation } from '../../src/http/docs/types'
import { publicAbout } from '../../src/public/about'
import { parametersOf } from './document'

const detail = (operationId: string) => ({ operationId, summary: 'Do it' })
const Shown = Strict({ title: Type.String({ examples: ['Ward surgery'] }) }, { title: 'Shown' })
const Sent = Strict({ message: Type.String({ examples: ['The gate is broken'] }) }, { title: 'Sent' })

/** The document of a separate application, with examples of routes that need no key. */
async function documentOf(): Promise<ApiDocument> {
  const docs = createDocs([publicAbout])
  const feed = documentedFile({
    'application/rss+xml': { schema: { type: 'string' }, example: '<rss></rss>' },
  })
  const open = new Elysia({ prefix: '/public/:tenant', tags: ['Public'] })
    .get('/news.json', () => ({ title: '' }), {
      query: Strict({ wardId: Type.Optional(Type.String()) }),
      response: Shown,
      detail: detail('listPublicNews'),
    })
    .get('/news.rss', () => '', { detail: { ...detail('listPublicNewsRss'), responses: feed } })
    .get('/cases/:reference', () => ({ title: '' }), { response: Shown, detail: detail('getPublicCase') })
    .post('/contact', () => ({ title: '' }), {
      body: Sent,
      response: { 201: Shown },
      detail: detail('createContact'),
    })
    .post('/track', () => ({ title: '' }), { body: Sent, response: Shown, detail: detail('trackCase') })
  const app = new Elysia().use(docs.plugin).use(open)
  docs.complete(app.routes)
  return (await app.handle(new Request('http://localhost/swagger/json'))).json()
}

const document = await documentOf()
const operations = Object.values(document.paths).flatMap((one) => Object.values(one))

/** What the document says of an operation, in few words. */
function wordsOf(operationId: string) {
  const operation = operations.find((one) => one.operationId === operationId) as Operation
  const success = Object.entries(operation.responses).find(([status]) => status.startsWith('2'))
  const { headers = {}, content = {} } = (success?.[1] ?? {}) as {
    headers?: Record<string, unknown>
    content?: Record<string, unknown>
  }
  return {
    parameters: parametersOf(document, operation).map(({ name }) => name),
    success: [success?.[0], ...Object.keys(content)],
    headers: Object.keys(headers),
    others: Object.keys(operation.responses).filter((status) => status !== success?.[0]),
  }
}

const reading = ['304', '400', '404', '421', '429', '500', '503']
const sending = ['400', '404', '408', '413', '415', '421', '429', '500', '503']
const state = ['X-Request-Id', 'ETag', 'Last-Modified']

test('what everybody may read has a tag and a date, and neither key nor limit of one', () => {
  expect(wordsOf('listPublicNews')).toEqual({
    parameters: ['tenant', 'wardId', 'If-None-Match', 'If-Modified-Since'],
    success: ['200', 'application/json'],
    headers: state,
    others: reading,
  })
  expect(wordsOf('getPublicCase').parameters).toEqual([
    'tenant',
    'reference',
    'If-None-Match',
    'If-Modified-Since',
  ])
  expect(operations.flatMap(({ security }) => security)).toEqual([])
  expect(Object.keys(document.components.responses)).not.toContain('Unauthorized')
})

test('a feed is of its own type, with the same manners', () => {
  expect(wordsOf('listPublicNewsRss')).toMatchObject({
    success: ['200', 'application/rss+xml'],
    headers: state,
    others: reading,
  })
})

test('what everybody may send is refused as a body is', () => {
  expect(wordsOf('createContact')).toEqual({
    parameters: ['tenant'],
    success: ['201', 'application/json'],
    headers: ['X-Request-Id'],
    others: sending,
  })
  expect(wordsOf('trackCase')).toMatchObject({ success: ['200', 'application/json'], others: sending })
})

test('paths show a council and a case that examples know', () => {
  const of = operations.find(({ operationId }) => operationId === 'getPublicCase') as Operation
  const shown = parametersOf(document, of).filter((one) => one.in === 'path')
  expect(shown.map(({ schema }) => schema.examples)).toEqual([['bristol'], ['CW-2026-0042']])
  expect(Object.keys(document.components.schemas)).toEqual(['Shown', 'Sent', 'Issue', 'Error'])
})
