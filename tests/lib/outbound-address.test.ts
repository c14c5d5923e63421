import { describe, expect, test } from 'bun:test'
import {
  addressFault,
  type Outbound,
  RefusedAddress,
  systemResolve,
  vet,
} from '../../src/lib/outbound-address'

const publicAddress = '93.184.215.14'

const names: Record<string, string[]> = {
  'example.org': [publicAddress],
  'both.example': ['2606:4700::1111', publicAddress],
  'mixed.example': [publicAddress, '10.0.0.7'],
  'mixed6.example': [publicAddress, 'fd00::7'],
  'inside.example': ['10.0.0.7'],
  'shared.example': ['100.64.0.7'],
  'metadata.example': ['169.254.169.254'],
  'mapped.example': ['::ffff:10.0.0.7'],
  'zone.example': ['fe80::1%eth0'],
  'odd.example': ['not an address'],
  'none.example': [],
  'localhost.': ['127.0.0.1'],
}

const outbound = (allow: string[] = []): Outbound => ({
  resolve: async (hostname) => {
    const addresses = names[hostname]
    if (!addresses) throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' })
    return addresses
  },
  allow,
})

async function refusalOf(text: string, allow: string[] = []) {
  const refusal = await vet(outbound(allow), text).catch((error) => error)
  if (!(refusal instanceof RefusedAddress)) throw new Error(`${text} was not refused`)
  return { fault: refusal.fault, message: refusal.message }
}

const illFormed = [
  ['', 'must begin with https://'],
  ['example.org/hook', 'must begin with https://'],
  ['//example.org/', 'must begin with https://'],
  ['https:example.org', 'must begin with https://'],
  ['ftp://example.org/', 'must begin with https://'],
  ['file:///etc/passwd', 'must begin with https://'],
  ['javascript://example.org/', 'must begin with https://'],
  ['https://', 'not a valid URL'],
  ['https://?x', 'not a valid URL'],
  ['https://exa%20mple.org/', 'not a valid URL'],
  ['https://example.org:65536/', 'not a valid URL'],
  ['https://[fe80::1%25eth0]/', 'not a valid URL'],
  ['https://999.1.1.1/', 'not a valid URL'],
  ['https://user@example.org/', 'user name or password'],
  ['https://user:secret@example.org/', 'user name or password'],
  ['https://:secret@example.org/', 'user name or password'],
  ['https://example.org\\@10.0.0.7/#', 'fragment'],
  ['https://example.org/#part', 'fragment'],
  ['https://example.org/#', 'fragment'],
  [' https://example.org/', 'spaces or control characters'],
  ['https://example.org/a b', 'spaces or control characters'],
  ['https://exam\tple.org/', 'spaces or control characters'],
  ['https://example.org/\r\nX-A: b', 'spaces or control characters'],
  ['https://example.org/\0', 'spaces or control characters'],
  [`https://example.org/${'a'.repeat(1_981)}`, 'at most 2,000 characters'],
] as const

describe('ill-formed', () => {
  test.each(illFormed)('%j: %s', async (text, sentence) => {
    expect(addressFault(text)).toContain(sentence)
    expect(await refusalOf(text, ['0.0.0.0/0'])).toEqual({
      fault: 'refused_address',
      message: addressFault(text) ?? '',
    })
  })
})

const refused = [
  'https://127.0.0.1/',
  'https://127.1/',
  'https://0x7f000001/',
  'https://2130706433/',
  'https://0177.0.0.1/',
  'https://127.0.0.1./',
  'https://%31%32%37.0.0.1/',
  'https://１２７.0.0.1/',
  'https://0/',
  'https://[::]/',
  'https://[::1]/',
  'https://[::127.0.0.1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:10.0.0.1]/',
  'https://[::ffff:8.8.8.8]/',
  'https://[64:ff9b::10.0.0.1]/',
  'https://[fd00::1]/',
  'https://[fe80::1]/',
  'https://localhost./',
  'https://169.254.169.254/latest/meta-data/',
  'https://100.64.0.1/',
  'https://10.0.0.1/',
  'https://mixed.example/',
  'https://mixed6.example/',
  'https://inside.example/',
  'https://INSIDE.example/',
  'https://shared.example/',
  'https://metadata.example/',
  'https://mapped.example/',
  'https://zone.example/',
  'https://odd.example/',
  'https://inside.example:22/',
]

describe('leads to what is not public', () => {
  test.each(refused)('%s', async (text) => {
    expect(addressFault(text)).toBeNull()
    expect(await refusalOf(text)).toEqual({
      fault: 'refused_address',
      message: `${new URL(text).hostname} does not lead to a public address`,
    })
  })

  test('says nothing of the addresses that a name leads to', async () => {
    const { message } = await refusalOf('https://mixed.example/')
    expect(message).toBe('mixed.example does not lead to a public address')
  })

  test('stays refused where only a part is allowed, or where nothing may open it', async () => {
    expect((await refusalOf('https://mixed.example/', ['10.9.0.0/16'])).fault).toBe('refused_address')
    expect((await refusalOf('https://metadata.example/', ['0.0.0.0/0'])).fault).toBe('refused_address')
  })
})

describe('a name', () => {
  test.each(['https://nobody.example/', 'https://none.example/'])('without an address: %s', async (text) => {
    const { hostname } = new URL(text)
    expect(await refusalOf(text)).toEqual({ fault: 'name', message: `${hostname} cannot be found` })
  })

  test('of any length is cut in the sentence', async () => {
    const { message } = await refusalOf(`https://${'a'.repeat(1_500)}.example/`)
    expect(message).toBe(`${'a'.repeat(100)}… cannot be found`)
  })

  test('is not waited for after the signal', async () => {
    const silent = { resolve: () => new Promise<string[]>(() => {}), allow: [] }
    for (const signal of [AbortSignal.abort(), AbortSignal.timeout(20)]) {
      const error = await vet(silent, 'https://example.org/', signal).catch((thrown) => thrown)
      expect(error).toBeInstanceOf(RefusedAddress)
      expect(error.message).toBe('example.org cannot be found')
    }
  })

  test('is asked of the system', async () => {
    const addresses = await systemResolve('localhost')
    expect(addresses.length).toBeGreaterThan(0)
    for (const address of addresses) expect(['127.0.0.1', '::1']).toContain(address)
  })

  test('that is a literal address is asked of nobody', async () => {
    const { addresses } = await vet(outbound(['::1']), 'https://[0:0::1]/')
    expect(addresses).toEqual(['::1'])
  })
})

describe('plain http', () => {
  test('is refused to a public address', async () => {
    expect(addressFault('http://example.org/')).toBeNull()
    expect((await refusalOf('http://example.org/')).message).toBe('The address must begin with https://')
  })

  test('is refused without a question where nothing is allowed', async () => {
    const resolve = () => Promise.reject(new Error('Asked'))
    const refusal = vet({ resolve, allow: [] }, 'http://inside.example/')
    await expect(refusal).rejects.toThrow('The address must begin with https://')
  })

  test('is refused where one address is public and the other allowed', async () => {
    const { message } = await refusalOf('http://mixed.example/', ['10.0.0.0/8'])
    expect(message).toBe('The address must begin with https://')
  })

  test('may go where every address is allowed', async () => {
    const { url, addresses } = await vet(outbound(['10.0.0.0/8']), 'http://inside.example/hook?a=1')
    expect([url.href, addresses]).toEqual(['http://inside.example/hook?a=1', ['10.0.0.7']])
  })
})

describe('the port', () => {
  test.each([0, 1, 22, 25, 442, 444, 1_023])('%i is refused', async (port) => {
    expect((await refusalOf(`https://example.org:${port}/`)).message).toBe(
      `Port ${port} is not allowed: use 443, 80 or one from 1024 to 65535`,
    )
  })

  test.each(['', ':443', ':80', ':1024', ':8443', ':65535'])('"%s" may be used', async (port) => {
    expect((await vet(outbound(), `https://example.org${port}/`)).addresses).toEqual([publicAddress])
  })

  test('22 may be used where every address is allowed', async () => {
    const { url } = await vet(outbound(['10.0.0.0/8']), 'https://inside.example:22/')
    expect(url.port).toBe('22')
  })
})

test('all addresses of a public name are vetted and handed out', async () => {
  const { addresses } = await vet(outbound(), 'https://both.example/')
  expect(addresses).toEqual(['2606:4700::1111', publicAddress])
})

test('an address of 2,000 characters is not too long', () => {
  expect(addressFault(`https://example.org/${'a'.repeat(1_980)}`)).toBeNull()
})
