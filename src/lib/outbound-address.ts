import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { shortName } from './errors'
import { mayConnect } from './public-address'

/** Returns every address of a host name. */
export type Resolve = (hostname: string) => Promise<readonly string[]>

export type Outbound = {
  resolve: Resolve
  /** Addresses and CIDR ranges that may be called although they are not public. */
  allow: readonly string[]
  /** Certificates (PEM) trusted in addition to the system's. */
  ca?: string
}

export const systemResolve: Resolve = async (hostname) =>
  (await lookup(hostname, { all: true })).map(({ address }) => address)

/** The message goes to the person who entered the address, so it says nothing about the network. */
export class RefusedAddress extends Error {
  override readonly name = 'RefusedAddress'
  /** `name`: the host name cannot be resolved now; `refused_address`: the address is not allowed. */
  readonly fault: 'name' | 'refused_address'

  constructor(message: string, fault: RefusedAddress['fault'] = 'refused_address') {
    super(message)
    this.fault = fault
  }
}

/** A URL that may be called now, at these addresses. */
export type Vetted = { url: URL; addresses: readonly string[] }

const longestAddress = 2_000
const firstFreePort = 1_024
const webPorts = [80, 443]
const notSecure = 'The address must begin with https://'

/** Checks the form only, without the network; null if it is right. */
export function addressFault(text: string): string | null {
  if (text.length > longestAddress) return 'The address must have at most 2,000 characters'
  if (/[\s\p{Cc}]/u.test(text)) return 'The address must not contain spaces or control characters'
  if (!/^https?:\/\//i.test(text)) return notSecure
  if (!URL.canParse(text)) return 'The address is not a valid URL'
  const { username, password } = new URL(text)
  if (username !== '' || password !== '') return 'The address must not contain a user name or password'
  if (text.includes('#')) return 'The address must not contain a fragment (#)'
  return null
}

export const hostOf = (url: URL) => shortName(url.hostname)

/** Resolvers and sockets take IPv6 addresses without brackets. */
export const withoutBrackets = (hostname: string) => hostname.replace(/^\[(.*)\]$/, '$1')

const portOf = (url: URL) => Number(url.port || (url.protocol === 'http:' ? 80 : 443))

/** Rejects as soon as the signal aborts, even if the work goes on. */
async function unlessAborted<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return work
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

async function addressesOf(
  { resolve }: Outbound,
  url: URL,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const host = withoutBrackets(url.hostname)
  if (isIP(host) !== 0) return [host]
  try {
    const addresses = await unlessAborted(resolve(host), signal)
    if (addresses.length > 0) return addresses
  } catch {
    // Falls through: a name without an address and a failing resolver are the same to the caller.
  }
  throw new RefusedAddress(`${hostOf(url)} cannot be found`, 'name')
}

/**
 * Allows a well-formed URL if every address of its host is public or on the allow list. Plain `http:`, and ports of other
 * services, need all of them on the allow list. Throws `RefusedAddress`, also if the signal aborts before the name is resolved.
 */
export async function vet(outbound: Outbound, text: string, signal?: AbortSignal): Promise<Vetted> {
  const fault = addressFault(text)
  if (fault !== null) throw new RefusedAddress(fault)
  const url = new URL(text)
  const isPlain = url.protocol === 'http:'
  if (isPlain && outbound.allow.length === 0) throw new RefusedAddress(notSecure)
  const addresses = await addressesOf(outbound, url, signal)
  const answers = addresses.map((address) => mayConnect(address, outbound.allow))
  if (answers.includes('refused'))
    throw new RefusedAddress(`${hostOf(url)} does not lead to a public address`)
  if (answers.every((answer) => answer === 'allowed')) return { url, addresses }
  if (isPlain) throw new RefusedAddress(notSecure)
  const port = portOf(url)
  if (port < firstFreePort && !webPorts.includes(port)) {
    throw new RefusedAddress(`Port ${port} is not allowed: use 443, 80 or one from 1024 to 65535`)
  }
  return { url, addresses }
}
