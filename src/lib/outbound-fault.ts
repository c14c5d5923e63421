import { hostOf } from './outbound-address'

/** Why no complete reply came; `message` is a sentence without addresses or secrets. */
export type Fault = {
  fault: 'timeout' | 'name' | 'refused_address' | 'certificate' | 'connection'
  message: string
}

/** By code of the error: what came of the connection to a host, to be read after its name. */
const connectionFaults: Record<string, string> = {
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'closed the connection before its reply was complete',
  EPIPE: 'closed the connection before its reply was complete',
  HPE_HEADER_OVERFLOW: 'sent headers that are too long',
}

const certificateFaults: Record<string, string> = {
  ERR_TLS_CERT_ALTNAME_INVALID: 'has a certificate for another name',
  CERT_HAS_EXPIRED: 'has a certificate that has expired',
  CERT_NOT_YET_VALID: 'has a certificate that is not valid yet',
}

const isOfCertificate = (code: string) =>
  !code.startsWith('ERR_SSL_') &&
  /CERT|LEAF_SIGNATURE|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH/.test(code)

function connectionFault(code: string): string {
  if (code.startsWith('HPE_')) return connectionFaults[code] ?? 'sent a reply that is not HTTP'
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) return 'does not accept a secure connection'
  return connectionFaults[code] ?? 'cannot be reached'
}

/** What an error of the connection to the URL's host means. */
export function faultOf(url: URL, { code = '' }: { code?: string }): Fault {
  const [fault, what] = isOfCertificate(code)
    ? (['certificate', certificateFaults[code] ?? 'has a certificate that is not trusted'] as const)
    : (['connection', connectionFault(code)] as const)
  return { fault, message: `${hostOf(url)} ${what}` }
}
