import ipaddr from 'ipaddr.js'

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number]

const mappedBits = 96

/**
 * Parses `10.0.0.0/8`, `fd00::/8` or a single address; IPv4 only as four decimal numbers, and mapped IPv6 ranges as IPv4.
 * Undefined for anything else.
 */
export function parseCidr(text: string): Range | undefined {
  const [address = '', bits] = text.split('/')
  const isWritten = address.includes(':') || ipaddr.IPv4.isValidFourPartDecimal(address)
  if (!isWritten || !ipaddr.isValid(address) || (bits !== undefined && !ipaddr.isValidCIDR(text)))
    return undefined
  const parsed = ipaddr.parse(address)
  const length = bits === undefined ? (parsed.kind() === 'ipv4' ? 32 : 128) : Number(bits)
  if (parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress() && length >= mappedBits) {
    return [parsed.toIPv4Address(), length - mappedBits]
  }
  return [parsed, length]
}

/** IPv4 addresses written as mapped IPv6 count as IPv4. */
export function isInRanges(address: string, cidrs: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  return cidrs.some((cidr) => {
    const range = parseCidr(cidr)
    return range !== undefined && range[0].kind() === parsed.kind() && parsed.match(range)
  })
}

/** Identifies a client for rate limits: an IPv4 address, or an IPv6 /64, of which one client may have every address. */
export function addressBucket(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown'
  const parsed = ipaddr.process(address)
  if (parsed instanceof ipaddr.IPv4) return parsed.toString()
  return `${parsed.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`
}

/** The peer's address; behind trusted proxies, the right-most address in X-Forwarded-For that is not one of them. */
export function clientAddress(peer: string, forwardedFor: string | null, trusted: readonly string[]): string {
  if (trusted.length === 0 || forwardedFor === null || !isInRanges(peer, trusted)) return peer
  const hops = forwardedFor.split(',').map((hop) => hop.trim())
  for (const hop of hops.reverse()) {
    if (!ipaddr.isValid(hop)) return peer
    if (!isInRanges(hop, trusted)) return ipaddr.process(hop).toString()
  }
  return peer
}

export const isLoopbackHost = (host: string): boolean =>
  /^(127(\.\d{1,3}){3}|::1|\[::1\]|localhost)$/.test(host)
