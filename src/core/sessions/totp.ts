import { Secret, TOTP } from 'otpauth'
import { renderSVG } from 'uqr'

/** Seconds that a code is shown, digits that it has: what every authenticator app expects. */
const period = 30
const digits = 6

/** Codes of this many steps before and after are taken too: no two clocks are alike. */
const tolerance = 1

/** A new shared secret in base32 from 20 random bytes, as RFC 4226 asks. */
export const secretOf = (bytes: Uint8Array): string =>
  new Secret({ buffer: new Uint8Array(bytes).buffer }).base32

const totpOf = (secret: string, more: { issuer?: string; label?: string } = {}) =>
  new TOTP({ ...more, algorithm: 'SHA1', digits, period, secret: Secret.fromBase32(secret) })

/** What an authenticator app is told: as an address, and as a picture of it to point a camera at. */
export function enrolmentOf(
  secret: string,
  council: string,
  email: string,
): { uri: string; picture: string } {
  const uri = totpOf(secret, { issuer: council, label: email }).toString()
  return { uri, picture: renderSVG(uri, { border: 2 }) }
}

/** The time step whose code this is, near this moment; null where it is of none. */
export function stepOf(secret: string, code: string, now: Date): number | null {
  const timestamp = now.getTime()
  const delta = totpOf(secret).validate({ token: code, timestamp, window: tolerance })
  return delta === null ? null : Math.floor(timestamp / 1000 / period) + delta
}

/** The code of this moment. */
export const codeAt = (secret: string, now: Date): string =>
  totpOf(secret).generate({ timestamp: now.getTime() })
