import type { Config } from '../config'

const always = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

/** API answers are data, so nothing in them may run or be framed. Pages set a policy of their own. */
const dataPolicy = "default-src 'none'; frame-ancestors 'none'"

const varied = 'Authorization, X-API-Key, Origin, Accept-Encoding'

export function secure({ headers }: Response, path: string, { publicUrl }: Config): void {
  for (const [name, value] of Object.entries(always)) headers.set(name, value)
  // Pages of ours must see where a form came from; other sites must not.
  if (path.startsWith('/admin')) headers.set('referrer-policy', 'same-origin')
  if (!headers.has('content-security-policy')) headers.set('content-security-policy', dataPolicy)
  if (publicUrl?.startsWith('https://')) headers.set('strict-transport-security', 'max-age=31536000')
  if (!path.startsWith('/api/')) return
  headers.set('vary', varied)
  if (!headers.has('cache-control')) headers.set('cache-control', 'private, no-cache')
}
