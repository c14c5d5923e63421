import { hostOf } from './outbound-address'

/** Why there was no complete reply; `message` contains no addresses or secrets. */
export type Fault = {
  fault: 'timeout' | 'name' | 'refused_address' | 'certificate' | 'connection'
  message: string
}

/** By error code; completes a sentence that begins with the host's name. */
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

export function faultOf(url: URL, { code = '' }: { code?: string }): Fault {
  const [fault, what] = isOfCertificate(code)
    ? (['certificate', certificateFaults[code] ?? 'has a certificate that is not trusted'] as const)
    : (['connection', connectionFault(code)] as const)
  return { fault, message: `${hostOf(url)} ${what}` }
}
