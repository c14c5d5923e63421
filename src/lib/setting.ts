import { parseCidr } from './address'
import type { Sender } from './mail'

/** `fault` completes a sentence that begins with the setting's name. */
export type Outcome<T> = { value: T } | { fault: string }

export const text = (value: string): Outcome<string> => ({ value })
export const optionalText = (value: string): Outcome<string | null> => ({
  value: value === '' ? null : value,
})

export const wholeNumber =
  (least: number, most: number) =>
  (input: string): Outcome<number> => {
    const value = Number(input)
    return /^\d+$/.test(input) && value >= least && value <= most
      ? { value }
      : { fault: `must be a whole number from ${least} to ${most}` }
  }

export const oneOf =
  <T extends string>(words: readonly T[]) =>
  (input: string): Outcome<T> => {
    const value = words.find((word) => word === input)
    return value === undefined ? { fault: `must be one of ${words.join(', ')}` } : { value }
  }

export const commaSeparated = (input: string) =>
  input
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')

export const cidrList = (input: string): Outcome<string[]> => {
  const value = commaSeparated(input)
  const bad = value.find((range) => parseCidr(range) === undefined)
  return bad === undefined ? { value } : { fault: `"${bad}" is not an IP address or CIDR range` }
}

export const hostList = (input: string): Outcome<string[]> => {
  const value = commaSeparated(input.toLowerCase())
  const bad = value.find((host) => !/^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)$/.test(host))
  return bad === undefined ? { value } : { fault: `"${bad}" is not a host name (without port)` }
}

export const publicUrl = (input: string): Outcome<string | null> => {
  if (input === '') return { value: null }
  const url = URL.canParse(input) ? new URL(input) : null
  if (!url || !/^https?:$/.test(url.protocol)) return { fault: 'must be an http:// or https:// address' }
  const { pathname, search, hash, username } = url
  return pathname + search + hash + username === '/'
    ? { value: url.origin }
    : { fault: 'must be an address without a path, such as https://casework.example.gov.uk' }
}

const sslModes = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full']

export const databaseUrl = (input: string): Outcome<string | null> => {
  if (input === '') return { value: null }
  const address = /^postgres(ql)?:\/\//.test(input) && URL.canParse(input) ? new URL(input) : null
  if (!address || !/^[\w.:[\]-]+$/.test(address.hostname)) {
    return { fault: 'must be a postgres:// address, or empty for the embedded database' }
  }
  const mode = address.searchParams.get('sslmode')
  return mode === null || sslModes.includes(mode)
    ? { value: input }
    : { fault: `has sslmode=${mode}, which must be one of ${sslModes.join(', ')}` }
}

/** True if each percent sign encodes a byte, and the bytes are UTF-8. */
export const isDecodable = (text: string) => {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

export const smtpUrl = (input: string): Outcome<string | null> => {
  if (input === '') return { value: null }
  const address = /^smtps?:\/\//.test(input) && URL.canParse(input) ? new URL(input) : null
  if (!address || !/^[\w.:[\]-]+$/.test(address.hostname) || address.port === '0') {
    return { fault: 'must be an smtp:// or smtps:// address' }
  }
  const { username, password, pathname, search, hash } = address
  const isBare = /^\/?$/.test(pathname) && search === '' && hash === ''
  return isBare && [username, password].every(isDecodable) && (username === '') === (password === '')
    ? { value: input }
    : {
        fault:
          'may contain only a user and password, host and port; write characters other than letters and digits as in %40',
      }
}

const address = String.raw`[^\s<>()@",;:\\]+@[^\s<>()@",;:\\]+`
const onlyAddress = new RegExp(`^${address}$`)
const named = new RegExp(
  String.raw`^(?:"(?<quoted>[^"<>\p{Cc}]*)"|(?<plain>[^"<>\p{Cc}]*)) ?<(?<address>${address})>$`,
  'u',
)

/**
 * The sender, with or without a name: `Avon Council <casework@avon.example>`. The name may hold commas and brackets, and may
 * be in quotes.
 */
export const mailFrom = (input: string): Outcome<Sender | null> => {
  if (input === '') return { value: null }
  if (onlyAddress.test(input)) return { value: { name: '', address: input } }
  const parts = named.exec(input)?.groups
  return parts?.address !== undefined
    ? { value: { name: (parts.quoted ?? parts.plain ?? '').trim(), address: parts.address } }
    : { fault: 'must be an e-mail address, or a name followed by one in angle brackets' }
}

/** As `mailFrom` reads it. */
export const senderText = ({ name, address }: Sender) => (name === '' ? address : `${name} <${address}>`)
