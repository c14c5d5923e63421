import ipaddr from 'ipaddr.js'
import { isInRanges, parseCidr } from './address'

/** No allow list can open these, nor their mapped forms. */
const neverAllowed = [
  '0.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '255.255.255.255',
  '::',
  'fe80::/10',
  'ff00::/8',
  // Link-local in NAT64 and 6to4 form.
  '64:ff9b::a9fe:0/112',
  '2002:a9fe::/32',
  // Metadata services that give cloud machines their credentials: Alibaba, Oracle, AWS, Google.
  '100.100.100.200',
  '192.0.0.192',
  'fd00:ec2::254',
  'fd20:ce::254',
  // Azure's, which looks like any public address.
  '168.63.129.16',
]

/** ipaddr.js calls everything unknown unicast; of IPv6 only this block is allocated. */
const globalUnicast = '2000::/3'

/** Without a zone; IPv4 only as four decimal numbers, because programs read other notations differently. */
const isAddress = (text: string) => !/[/%]/.test(text) && parseCidr(text) !== undefined

/** True for text that is not an address, too. */
export const isNeverAllowed = (address: string) => !isAddress(address) || isInRanges(address, neverAllowed)

/** True for the address of one machine that the whole internet can reach; never for mapped IPv4. */
export function isPublicAddress(address: string): boolean {
  if (isNeverAllowed(address)) return false
  const parsed = ipaddr.parse(address)
  return parsed.range() === 'unicast' && (parsed.kind() === 'ipv4' || isInRanges(address, [globalUnicast]))
}

/** `allow` are the operator's CIDR ranges. */
export function mayConnect(address: string, allow: readonly string[]): 'public' | 'allowed' | 'refused' {
  if (isNeverAllowed(address)) return 'refused'
  if (isInRanges(address, allow)) return 'allowed'
  return isPublicAddress(address) ? 'public' : 'refused'
}
