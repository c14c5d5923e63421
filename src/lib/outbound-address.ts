import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { shortName } from './errors'
import { mayConnect } from './public-address'

/** Every address of a host name. */
export type Resolve = (hostname: string) => Promise<readonly string[]>

export type Outbound = {
  resolve: Resolve
  /** Addresses and ranges (CIDR) that may be called though they are not public. */
  allow: readonly string[]
  /** Certificates (PEM) trusted besides the system's. */
  ca?: string
}

export const systemResolve: Resolve = async (hostname) =>
  (await lookup(hostname, { all: true })).map(({ address }) => address)

/** Why an address may not be called: a sentence for whoever wrote it, which tells nothing of the network. */
export class RefusedAddress extends Error {
  override readonly name = 'RefusedAddress'
  /** `name`: its host has no address now; `refused_address`: it may not be called. */
  readonly fault: 'name' | 'refused_address'

  constructor(message: string, fault: RefusedAddress['fault'] = 'refused_address') {
    super(message)
    this.fault = fault
  }
}

/** An address that may be called now, and what its host's name led to. */
export type Vetted = { url: URL; addresses: readonly string[] }

const longestAddress = 2_000
const firstFreePort = 1_024
const usualPorts = [80, 443]
const notSecure = 'The address must begin with https://'

/** What is wrong with the form of an address, as a sentence; null where nothing is. Asks no network. */
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

/** The host as sentences name it. */
export const hostOf = (url: URL) => shortName(url.hostname)

/** The host as resolvers and sockets name it: IPv6 without brackets. */
export const withoutBrackets = (hostname: string) => hostname.replace(/^\[(.*)\]$/, '$1')

const portOf = (url: URL) => Number(url.port || (url.protocol === 'http:' ? 80 : 443))

/** Settles as the work does, or is rejected when the signal says so first. */
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
    // Said below: a name without an address and a resolver that fails are the same to the caller.
  }
  throw new RefusedAddress(`${hostOf(url)} cannot be found`, 'name')
}

/**
 * The address if it may be called now: well formed, and every address of its host public or allowed. Plain `http:` and
 * ports that other services listen on only where all of them are allowed. Throws `RefusedAddress`, also where the name
 * is not resolved before the signal.
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
  if (port < firstFreePort && !usualPorts.includes(port)) {
    throw new RefusedAddress(`Port ${port} is not allowed: use 443, 80 or one from 1024 to 65535`)
  }
  return { url, addresses }
}
