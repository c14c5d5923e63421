import { Secret, TOTP } from 'otpauth'
import { renderSVG } from 'uqr'

/** Authenticator apps expect a new code every 30 seconds, with 6 digits. */
const period = 30
const digits = 6

/** Clocks differ, so codes this many steps earlier or later are accepted too. */
const tolerance = 1

/** A shared secret in base32; RFC 4226 recommends 20 random bytes. */
export const secretOf = (bytes: Uint8Array): string =>
  new Secret({ buffer: new Uint8Array(bytes).buffer }).base32

const totpOf = (secret: string, more: { issuer?: string; label?: string } = {}) =>
  new TOTP({ ...more, algorithm: 'SHA1', digits, period, secret: Secret.fromBase32(secret) })

/** An `otpauth:` URI for an authenticator app, and its QR code in SVG. */
export function enrolmentOf(
  secret: string,
  council: string,
  email: string,
): { uri: string; picture: string } {
  const uri = totpOf(secret, { issuer: council, label: email }).toString()
  return { uri, picture: renderSVG(uri, { border: 2 }) }
}

/** The time step that the code belongs to; null if none near `now` has this code. */
export function stepOf(secret: string, code: string, now: Date): number | null {
  const timestamp = now.getTime()
  const delta = totpOf(secret).validate({ token: code, timestamp, window: tolerance })
  return delta === null ? null : Math.floor(timestamp / 1000 / period) + delta
}

export const codeAt = (secret: string, now: Date): string =>
  totpOf(secret).generate({ timestamp: now.getTime() })
