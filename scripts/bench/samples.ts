import { ask, headersOf, type Reply, requestBytes } from './client'

type Answer = { status: number; headers: [string, string][]; body: string }

/** One of Reeve's answers: the other servers repeat it, or must arrive at the same by their own work. */
export type Sample = {
  method: string
  target: string
  etag: string | null
  full: Answer
  /** The answer to a request that names the tag; null if there is no tag. */
  unchanged: Answer | null
}

/** Each server's runtime adds these. */
const ownHeaders = new Set(['date', 'content-length', 'connection', 'keep-alive'])

const toAnswer = (reply: Reply): Answer => ({
  status: reply.status,
  headers: headersOf(reply).filter(([name]) => !ownHeaders.has(name)),
  body: reply.body.toString(),
})

export const keyHeader = (key: string): [string, string] => ['authorization', `Bearer ${key}`]

export async function takeSample(
  port: number,
  key: string,
  method: string,
  target: string,
  body = '',
): Promise<Sample> {
  const full = toAnswer(await ask(port, requestBytes(method, target, [keyHeader(key)], body)))
  if (full.status >= 300)
    throw new Error(`Reeve answered ${full.status} to ${method} ${target}: ${full.body}`)
  const etag = method === 'GET' ? (full.headers.find(([name]) => name === 'etag')?.[1] ?? null) : null
  if (etag === null) return { method, target, etag, full, unchanged: null }
  const headers: [string, string][] = [keyHeader(key), ['if-none-match', etag]]
  const second = toAnswer(await ask(port, requestBytes(method, target, headers)))
  return { method, target, etag, full, unchanged: second.status === 304 ? second : null }
}

const names = ({ headers }: Answer) =>
  headers
    .map(([name]) => name)
    .sort()
    .join(', ')

/** Throws if a server's answer differs from Reeve's: the ratios would compare different work. */
export async function assertSame(server: string, port: number, key: string, sample: Sample): Promise<void> {
  const again = await takeSample(port, key, sample.method, sample.target)
  const differs = (what: string) =>
    new Error(
      `The ${server} server answers ${sample.target} with other ${what} than Reeve: bring it up to date`,
    )
  if (again.full.status !== sample.full.status) throw differs('status')
  if (again.full.body !== sample.full.body) throw differs('bytes')
  if (names(again.full) !== names(sample.full)) throw differs('headers')
  if (again.unchanged?.status !== sample.unchanged?.status) throw differs('answers to a known tag')
}
