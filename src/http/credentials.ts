import { badRequest } from '../lib/errors'

/**
 * Reads `Authorization: Bearer KEY` (scheme in any case), bare `Authorization: KEY`, or `X-API-Key: KEY`. Null if there is none;
 * throws `bad_request` for two different keys.
 */
export function presentedKey(headers: Headers): string | null {
  const authorization = headers.get('authorization')?.trim() ?? ''
  const fromAuthorization = /^bearer(\s|$)/i.test(authorization)
    ? authorization.slice(6).trim()
    : authorization
  const fromHeader = headers.get('x-api-key')?.trim() ?? ''
  if (fromAuthorization && fromHeader && fromAuthorization !== fromHeader) {
    throw badRequest('Authorization and X-API-Key hold different keys')
  }
  return fromAuthorization || fromHeader || null
}
