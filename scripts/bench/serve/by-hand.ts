// The same work without a framework or query builder: serve/by-hand.ts STORE SAMPLES.
import { Database } from 'bun:sqlite'
import type { Sample } from '../samples'
import { announce } from '../servers'
import { type Caller, reads } from './by-hand-reads'
import { caseShapeOf } from './by-hand-view'
import { creator } from './by-hand-writes'
import { targetOf } from './canned'

const [path, samplesPath] = process.argv.slice(2)
const samples: Sample[] = await Bun.file(samplesPath ?? '').json()
const byTarget = new Map(samples.map((sample) => [sample.target, sample]))

const shape = caseShapeOf(samples)

const reader = new Database(path ?? '', { readonly: true, strict: true })
const { callerOf, list, one, search, versionOf } = reads(reader, shape)
const create = creator(path ?? '', shape)

function caller({ headers }: Request): Caller | null {
  const key = headers.get('authorization')?.slice('Bearer '.length) ?? ''
  return callerOf(new Bun.CryptoHasher('sha256').update(key).digest('hex'))
}

const refusal = () => Response.json({ error: 'Invalid API key', details: {} }, { status: 401 })

type Resource = { isThere: (who: Caller) => boolean; body: (who: Caller, query: URLSearchParams) => unknown }

/** Reads rights and versions for every answer, as Reeve does; only the text of tags and the headers are copied from it. */
function answer(request: Request, { isThere, body }: Resource): Response {
  const who = caller(request)
  if (!who?.mayRead) return refusal()
  const target = targetOf(request.url)
  const sample = byTarget.get(target)
  if (sample?.unchanged && request.headers.get('if-none-match') === sample.etag && isThere(who)) {
    return new Response(null, { status: 304, headers: sample.unchanged.headers })
  }
  const at = target.indexOf('?')
  const found = body(who, new URLSearchParams(at < 0 ? '' : target.slice(at)))
  if (found === null) return Response.json({ error: 'Case not found', details: {} }, { status: 404 })
  return new Response(JSON.stringify(found), { headers: sample?.full.headers ?? [] })
}

const listOrSearch: Resource['body'] = (who, query) => (query.has('search') ? search : list)(who, query)

const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  development: false,
  routes: {
    '/api/cases': {
      GET: (request) => answer(request, { isThere: ({ revision }) => revision > 0, body: listOrSearch }),
      POST: async (request) => {
        const who = caller(request)
        if (!who?.mayWrite) return refusal()
        const view = await create(who, await request.json())
        const headers = new Headers(byTarget.get('created')?.full.headers)
        headers.set('location', `/api/cases/${view.id}`)
        return new Response(JSON.stringify(view), { status: 201, headers })
      },
    },
    '/api/cases/:id': {
      GET: (request) => {
        const { id } = request.params
        return answer(request, { isThere: (who) => versionOf(who, id) > 0, body: (who) => one(who, id) })
      },
    },
  },
})
await announce(server.port)
