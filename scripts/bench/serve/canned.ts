import type { Sample } from '../samples'

/** Repeats Reeve's answers from memory. The path of the samples is the last argument. */
export async function cannedAnswers(): Promise<(request: Request) => Response> {
  const samples: Sample[] = await Bun.file(process.argv.at(-1) ?? '').json()
  const prepared = new Map(
    samples.map(({ target, etag, full, unchanged }) => [
      target,
      { etag, full: { ...full, body: Buffer.from(full.body) }, unchanged },
    ]),
  )
  return (request) => {
    const known = prepared.get(targetOf(request.url))
    if (!known) return new Response('No sample of this', { status: 404 })
    const { etag, full, unchanged } = known
    if (unchanged !== null && request.headers.get('if-none-match') === etag) {
      return new Response(null, { status: unchanged.status, headers: unchanged.headers })
    }
    return new Response(full.body, { status: full.status, headers: full.headers })
  }
}

/** Path and query. */
export const targetOf = (url: string) => url.slice(url.indexOf('/', 'http://'.length))
