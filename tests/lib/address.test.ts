import { describe, expect, test } from 'bun:test'
import { addressBucket, clientAddress, isInRanges, isLoopbackHost, parseCidr } from '../../src/lib/address'

describe('parseCidr', () => {
  test.each([
    '',
    'anything',
    'localhost',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0.256',
    'fd00::/129',
    'fd00:::/8',
    '/8',
    '*',
  ])('refuses "%s"', (text) => {
    expect(parseCidr(text)).toBeUndefined()
  })

  // Old notations mean other addresses than they seem to: 010.0.0.0/8 would be 8.0.0.0/8.
  test.each(['10', '10.1', '1.2.3/8', '010.0.0.0/8', '0x0a.0.0.0/8'])(
    'refuses "%s", which is not four decimal numbers',
    (text) => {
      expect(parseCidr(text)).toBeUndefined()
    },
  )

  test.each([
    ['10.0.0.0/8', 8],
    ['192.0.2.7', 32],
    ['0.0.0.0/0', 0],
    ['fd00::/8', 8],
    ['2001:db8::1', 128],
    ['::/0', 0],
  ])('reads %s', (text, bits) => {
    expect(parseCidr(text)?.[1]).toBe(bits)
  })
})

describe('isInRanges', () => {
  test.each([
    ['an address beside the range', '11.0.0.1', ['10.0.0.0/8']],
    ['any address where no range is given', '10.0.0.1', []],
    ['an IPv6 address in a range of IPv4', '2001:db8::1', ['0.0.0.0/0']],
    ['an IPv4 address in a range of IPv6', '10.0.0.1', ['::/0']],
    ['what is no address', 'unknown', ['0.0.0.0/0', '::/0']],
    ['an address in a range that is none', '10.0.0.1', ['10.0.0.0/99', 'nonsense']],
    ['the address next to a single one', '192.0.2.8', ['192.0.2.7']],
    ['an IPv6 address beside the range', 'fe00::1', ['fd00::/8']],
  ])('does not find %s', (_, address, ranges) => {
    expect(isInRanges(address, ranges)).toBe(false)
  })

  test.each([
    ['an IPv4 address', '10.255.0.1', ['10.0.0.0/8']],
    ['an address in the second range', '192.0.2.200', ['10.0.0.0/8', '192.0.2.128/25']],
    ['a single address', '192.0.2.7', ['192.0.2.7']],
    ['a range that does not begin at its network', '10.9.9.9', ['10.1.2.3/8']],
    ['an IPv6 address', 'fdff:1::1', ['fd00::/8']],
    ['an IPv6 address written at length', '2001:0DB8:0:0:0:0:0:1', ['2001:db8::1']],
    ['a mapped IPv4 address', '::ffff:10.0.0.1', ['10.0.0.0/8']],
    ['a mapped IPv4 address in hexadecimal', '::ffff:a00:1', ['10.0.0.0/8']],
    ['an IPv4 address where a single mapped one is listed', '10.0.0.1', ['::ffff:10.0.0.1']],
    ['an IPv4 address where a mapped range is listed', '10.0.0.1', ['::ffff:10.0.0.0/104']],
  ])('finds %s', (_, address, ranges) => {
    expect(isInRanges(address, ranges)).toBe(true)
  })
})

describe('addressBucket', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['', 'unknown'],
    ['nonsense', 'unknown'],
  ])('puts "%s" into %s', (address, bucket) => {
    expect(addressBucket(address)).toBe(bucket)
  })

  test('parts neighbouring /64 networks', () => {
    expect(addressBucket('2001:db8:1:2::1')).not.toBe(addressBucket('2001:db8:1:3::1'))
  })
})

describe('clientAddress', () => {
  const proxies = ['10.0.0.0/8', 'fd00::/8']

  test('ignores X-Forwarded-For of a peer that is not trusted', () => {
    expect(clientAddress('203.0.113.9', '192.0.2.1', proxies)).toBe('203.0.113.9')
    expect(clientAddress('203.0.113.9', '10.0.0.1', proxies)).toBe('203.0.113.9')
  })

  test('ignores X-Forwarded-For where nobody is trusted', () => {
    expect(clientAddress('127.0.0.1', '192.0.2.1', [])).toBe('127.0.0.1')
  })

  test.each([
    ['the only hop', '192.0.2.1', '192.0.2.1'],
    ['the right-most hop, whatever a client put before it', '198.51.100.1, 192.0.2.1', '192.0.2.1'],
    ['the right-most hop that is no trusted proxy', '198.51.100.1, 192.0.2.1, 10.0.0.2', '192.0.2.1'],
    ['the right-most hop, though a trusted one stands before it', '10.0.0.9,192.0.2.1', '192.0.2.1'],
    ['an IPv6 hop', '2001:db8::1', '2001:db8::1'],
    ['a mapped IPv4 hop as IPv4', '::ffff:192.0.2.1', '192.0.2.1'],
    ['the peer where all hops are trusted', '10.0.0.3, 10.0.0.2', '10.0.0.1'],
    ['the peer where the last hop is no address', '192.0.2.1, unknown', '10.0.0.1'],
    ['the peer where the header is empty', '', '10.0.0.1'],
  ])('takes from a trusted peer %s', (_, forwardedFor, client) => {
    expect(clientAddress('10.0.0.1', forwardedFor, proxies)).toBe(client)
  })

  test('takes the peer where there is no header', () => {
    expect(clientAddress('10.0.0.1', null, proxies)).toBe('10.0.0.1')
  })

  test('knows a trusted IPv4 peer on a socket of IPv6', () => {
    expect(clientAddress('::ffff:10.0.0.1', '192.0.2.1', proxies)).toBe('192.0.2.1')
  })

  test('knows a trusted IPv6 peer', () => {
    expect(clientAddress('fd00::1', '192.0.2.1', proxies)).toBe('192.0.2.1')
  })
})

describe('a host is this machine itself', () => {
  test.each(['localhost', '127.0.0.1', '127.12.0.255', '::1', '[::1]'])('by %s', (host) => {
    expect(isLoopbackHost(host)).toBe(true)
  })

  test.each([
    '',
    '127.example',
    '127.0.0.1.example',
    'localhost.example',
    '0.0.0.0',
    '[::]',
    '10.127.0.0',
    '::11',
  ])('not by "%s"', (host) => {
    expect(isLoopbackHost(host)).toBe(false)
  })
})
