import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { isNeverAllowed, isPublicAddress, mayConnect } from '../../src/lib/public-address'

const everything = ['0.0.0.0/0', '::/0']

const noAddresses = [
  ['nothing', ''],
  ['a name', 'localhost'],
  ['a range', '8.8.8.8/32'],
  ['a range of all', '::/0'],
  ['a short form', '127.1'],
  ['a hexadecimal form', '0x7f000001'],
  ['a single number', '2130706433'],
  ['an octal form', '0177.0.0.1'],
  ['a leading zero', '08.8.8.8'],
  ['brackets', '[2606:4700::1111]'],
  ['a zone', 'fe80::1%eth0'],
  ['a zone on a public address', '2606:4700::1111%eth0'],
  ['a space', ' 8.8.8.8'],
] as const

const never = [
  ['unspecified', '0.0.0.0'],
  ['this network', '0.1.2.3'],
  ['link-local', '169.254.1.1'],
  ['metadata', '169.254.169.254'],
  ['metadata of Alibaba', '100.100.100.200'],
  ['metadata of Oracle', '192.0.0.192'],
  ['metadata of Azure, though it looks public', '168.63.129.16'],
  ['metadata of AWS in IPv6', 'fd00:ec2::254'],
  ['metadata of AWS in IPv6, written at length', 'FD00:0EC2:0:0:0:0:0:254'],
  ['metadata of Google in IPv6', 'fd20:ce::254'],
  ['multicast', '224.0.0.1'],
  ['the end of multicast', '239.255.255.255'],
  ['broadcast', '255.255.255.255'],
  ['IPv6 unspecified', '::'],
  ['IPv6 link-local', 'fe80::1'],
  ['the end of IPv6 link-local', 'febf::1'],
  ['IPv6 multicast', 'ff02::1'],
  ['mapped unspecified', '::ffff:0.0.0.0'],
  ['mapped metadata', '::ffff:169.254.169.254'],
  ['mapped metadata in hexadecimal', '::ffff:a9fe:a9fe'],
  ['mapped multicast', '::ffff:224.0.0.1'],
  ['mapped broadcast', '::ffff:255.255.255.255'],
  ['metadata through NAT64', '64:ff9b::169.254.169.254'],
  ['metadata through 6to4', '2002:a9fe:a9fe::1'],
] as const

const special = [
  ['loopback', '127.0.0.1'],
  ['the end of loopback', '127.255.255.255'],
  ['private 10', '10.0.0.1'],
  ['private 172', '172.16.0.1'],
  ['the end of private 172', '172.31.255.255'],
  ['private 192', '192.168.1.1'],
  ['shared by carriers', '100.64.0.1'],
  ['the end of shared by carriers', '100.127.255.255'],
  ['protocol assignments', '192.0.0.1'],
  ['examples 1', '192.0.2.1'],
  ['examples 2', '198.51.100.1'],
  ['examples 3', '203.0.113.1'],
  ['6to4 relays', '192.88.99.1'],
  ['benchmarks', '198.18.0.1'],
  ['the end of benchmarks', '198.19.255.255'],
  ['reserved', '240.0.0.1'],
  ['IPv6 loopback', '::1'],
  ['IPv6 unique local', 'fc00::1'],
  ['IPv6 unique local, the half in use', 'fd00::1'],
  ['IPv6 site-local', 'fec0::1'],
  ['IPv6 compatible with IPv4', '::8.8.8.8'],
  ['mapped loopback', '::ffff:127.0.0.1'],
  ['mapped private', '::ffff:10.0.0.1'],
  ['mapped public', '::ffff:8.8.8.8'],
  ['translated, RFC 6145', '::ffff:0:8.8.8.8'],
  ['NAT64', '64:ff9b::8.8.8.8'],
  ['NAT64 of a network', '64:ff9b:1::1'],
  ['discarded', '100::1'],
  ['not given out below', '1fff::1'],
  ['not given out above', '4000::1'],
  ['segment routing', '5f00::1'],
  ['IPv6 examples', '2001:db8::1'],
  ['IPv6 examples, new', '3fff::1'],
  ['Teredo', '2001::1'],
  ['IPv6 benchmarks', '2001:2::1'],
  ['ORCHID', '2001:10::1'],
  ['ORCHID, second', '2001:20::1'],
  ['6to4', '2002:808:808::1'],
] as const

const open = [
  ['8.8.8.8'],
  ['1.1.1.1'],
  ['9.255.255.255'],
  ['11.0.0.0'],
  ['100.63.255.255'],
  ['100.128.0.0'],
  ['126.255.255.255'],
  ['128.0.0.1'],
  ['169.253.255.255'],
  ['172.15.255.255'],
  ['172.32.0.0'],
  ['192.0.1.1'],
  ['223.255.255.255'],
  ['2001:4860:4860::8888'],
  ['2606:4700:4700::1111'],
  ['2a00:1450:4009:81f::200e'],
] as const

describe('what is no address is neither public nor allowed', () => {
  test.each(noAddresses)('%s: "%s"', (_, text) => {
    expect(isPublicAddress(text)).toBe(false)
    expect(mayConnect(text, everything)).toBe('refused')
  })
})

describe('no allow-list opens', () => {
  test.each(never)('%s: %s', (_, address) => {
    expect(isNeverAllowed(address)).toBe(true)
    expect(isPublicAddress(address)).toBe(false)
    expect(mayConnect(address, [...everything, address])).toBe('refused')
  })
})

describe('refused unless allowed', () => {
  test.each(special)('%s: %s', (_, address) => {
    expect(isNeverAllowed(address)).toBe(false)
    expect(isPublicAddress(address)).toBe(false)
    expect(mayConnect(address, [])).toBe('refused')
    expect(mayConnect(address, everything)).toBe('allowed')
  })
})

describe('public', () => {
  test.each(open)('%s', (address) => {
    expect(isPublicAddress(address)).toBe(true)
    expect(mayConnect(address, [])).toBe('public')
    expect(mayConnect(address, ['10.0.0.0/8', 'fd00::/8'])).toBe('public')
    expect(mayConnect(address, [address])).toBe('allowed')
  })
})

describe('private IPv4 in any notation', () => {
  const notations: ((number: number, parts: number[]) => string)[] = [
    (_, parts) => parts.join('.'),
    (number) => String(number),
    (number) => `0x${number.toString(16)}`,
    (number) => `0${number.toString(8)}`,
    (_, parts) => parts.map((part) => `0x${part.toString(16)}`).join('.'),
    (_, parts) => parts.map((part) => `0${part.toString(8)}`).join('.'),
    (number, [first]) => `${first}.${number & 0xff_ffff}`,
    (number, [first, second]) => `${first}.${second}.${number & 0xffff}`,
    (_, parts) => `${parts.join('.')}.`,
    (_, parts) => `[::ffff:${parts.join('.')}]`,
    (_, parts) => `[::${parts.join('.')}]`,
    (_, parts) => `[64:ff9b::${parts.join('.')}]`,
  ]
  const ranges: [network: number, bits: number][] = [
    [0x0a00_0000, 8],
    [0x7f00_0000, 8],
    [0xac10_0000, 12],
    [0xc0a8_0000, 16],
    [0x6440_0000, 10],
    [0xa9fe_0000, 16],
  ]
  const written = fc
    .tuple(fc.constantFrom(...ranges), fc.nat(0xffff_ffff), fc.constantFrom(...notations))
    .map(([[network, bits], random, write]) => {
      const number = network + (random % 2 ** (32 - bits))
      return write(
        number,
        [24, 16, 8, 0].map((shift) => (number >>> shift) & 0xff),
      )
    })

  test('is not public, neither as written nor as a URL reads it', () => {
    fc.assert(
      fc.property(written, (text) => {
        const host = new URL(`https://${text}/`).hostname.replace(/^\[|\]$/g, '')
        expect([mayConnect(text, []), mayConnect(host, [])]).toEqual(['refused', 'refused'])
      }),
      { numRuns: 2_000 },
    )
  })
})
