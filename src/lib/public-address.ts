import ipaddr from 'ipaddr.js'
import { isInRanges, parseCidr } from './address'

/** What no allow-list can open, mapped forms too. */
const neverAllowed = [
  '0.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '255.255.255.255',
  '::',
  'fe80::/10',
  'ff00::/8',
  // Link-local as NAT64 and 6to4 write it.
  '64:ff9b::a9fe:0/112',
  '2002:a9fe::/32',
  // Where machines in a cloud are told their credentials: Alibaba, Oracle, AWS, Google.
  '100.100.100.200',
  '192.0.0.192',
  'fd00:ec2::254',
  'fd20:ce::254',
  // The same of Azure, which looks like any public address.
  '168.63.129.16',
]

/** ipaddr.js takes what it has no name for to be unicast; of IPv6 only this block is given out. */
const globalUnicast = '2000::/3'

/** The address without a zone, IPv4 only as four decimal numbers: other notations mean different things to different readers. */
const isAddress = (text: string) => !/[/%]/.test(text) && parseCidr(text) !== undefined

/** Whether the text is no address, or one that must not be called whatever the operator allows. */
export const isNeverAllowed = (address: string) => !isAddress(address) || isInRanges(address, neverAllowed)

/** Whether the text is an address of one machine that the whole internet can reach; mapped IPv4 never is. */
export function isPublicAddress(address: string): boolean {
  if (isNeverAllowed(address)) return false
  const parsed = ipaddr.parse(address)
  return parsed.range() === 'unicast' && (parsed.kind() === 'ipv4' || isInRanges(address, [globalUnicast]))
}

/** How an address may be called: because the operator's ranges (CIDR) hold it, because it is public, or not at all. */
export function mayConnect(address: string, allow: readonly string[]): 'public' | 'allowed' | 'refused' {
  if (isNeverAllowed(address)) return 'refused'
  if (isInRanges(address, allow)) return 'allowed'
  return isPublicAddress(address) ? 'public' : 'refused'
}
