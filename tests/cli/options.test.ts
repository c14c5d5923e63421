import { afterAll, beforeAll, describe, expect, spyOn, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../../src/cli/program'

const directory = mkdtempSync(join(tmpdir(), 'reeve-options-'))
const before = process.env.REEVE_DATA

/** What a command prints on both streams, and its exit code. */
async function say(...args: string[]): Promise<{ code: number; said: string }> {
  let said = ''
  const spies = [process.stdout, process.stderr].map((stream) =>
    spyOn(stream, 'write').mockImplementation((part) => {
      said += String(part)
      return true
    }),
  )
  try {
    return { code: await run(args), said }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}

beforeAll(async () => {
  process.env.REEVE_DATA = directory
  await say('tenant', 'create', '--slug', 'bristol', '--name', 'Bristol City Council')
})

afterAll(() => {
  if (before === undefined) delete process.env.REEVE_DATA
  else process.env.REEVE_DATA = before
  rmSync(directory, { recursive: true })
})

const key = (...args: string[]) => ['key', 'create', '--tenant', 'bristol', '--name', 'Website', ...args]
const user = (email: string) => ['user', 'create', '--tenant', 'bristol', '--email', email, '--name', 'Ada']

describe('a value that cannot be meant is refused with exit code 2, and what is allowed', () => {
  test.each([
    [key('--scopes', 'bogus'), '"bogus" is not a scope; the scopes are cases:read, cases:write, '],
    [key('--scopes', ','), 'the scopes are cases:read'],
    [
      key('--scopes', 'all', '--ip', '10.0.0.1,here'),
      '"here" is no address; give addresses or ranges such as ',
    ],
    [key('--scopes', 'all', '--expires', 'soon'), 'Give a duration such as 90d, 12h or 30m, a date such as '],
    [key('--scopes', 'all', '--expires', '2020-01-01'), '--expires 2020-01-01 is in the past'],
    [key('--scopes', 'all', '--acting-user', 'ada'), 'Give an e-mail address, such as ada@example.gov.uk'],
    [['key', 'create', '--tenant', 'bristol', '--name', ' ', '--scopes', 'all'], 'It must not be empty'],
    [['key', 'rotate', 'x', '--overlap', '31d'], 'Give a duration such as 30m, 24h or 7d, up to 30d'],
    [
      ['tenant', 'create', '--slug', 'Bristol City', '--name', 'X'],
      'Give lower-case letters, digits and hyphens',
    ],
    [['tenant', 'create', '--slug', 'x', '--name', 'X', '--nation', 'wales'], 'england_wales, scotland, '],
    [['tenant', 'set-plan', 'bristol', 'gold'], 'Allowed choices are free, pro, council'],
    [['tenant', 'set-targets', 'bristol', '--days', 'abc'], 'Give a whole number from 1 to 999, or none'],
    [
      ['tenant', 'set-targets', 'bristol', '--close-after', '0'],
      'Give a whole number from 1 to 999, or none',
    ],
    [['tenant', 'set-targets', 'bristol', '--day-type', 'any'], 'Allowed choices are working, calendar'],
    [
      ['tenant', 'set-origins', 'bristol', 'example'],
      'Give a web origin, such as https://www.example.gov.uk',
    ],
    [
      ['tenant', 'set-holidays', 'bristol', '--off', '31/02/2026=Closed'],
      'Give a date and its name, such as 2026-12-24=',
    ],
    [['tenant', 'set-holidays', 'bristol', '--work', '2026-02-30'], 'Give a date, such as 2026-12-24'],
    [['tenant', 'set-holidays', 'bristol', '--clear-off', 'all'], 'Give a date, such as 2026-12-24'],
    [[...user('ada'), '--role', 'admin'], 'Give an e-mail address'],
    [
      [...user('ada@example.org'), '--role', 'boss'],
      'Allowed choices are admin, manager, councillor, caseworker',
    ],
    [['serve', '--wait', 'long'], 'Give a whole number from 0 to 3600'],
    [['dev', '--port', '65536'], 'Give a whole number from 0 to 65535'],
    [['dev', '--cases', '-1'], 'Give a whole number from 0 to 100000'],
    [['export', 'cases', '--tenant', 'bristol', '--format', 'xml'], 'Allowed choices are csv, json, ndjson'],
    [
      ['copy', '--from', './data', '--to', 'x'],
      'Give sqlite: and the data directory, such as sqlite:/var/lib/reeve',
    ],
    [['health', '--url', 'localhost'], 'Give an address, such as http://127.0.0.1:3000'],
  ])('%p', async (args, allowed) => {
    const { code, said } = await say(...args)
    expect(code).toBe(2)
    expect(said).toContain(allowed)
  })
})

describe('a misspelt name is answered with the nearest', () => {
  test.each([
    [['usr', 'list'], '(Did you mean user?)'],
    [['tenant', 'lst'], '(Did you mean list?)'],
    [['tenant', 'list', '--jsn'], '(Did you mean --json?)'],
    [['user', 'create', '--emial', 'ada@example.org'], "unknown option '--emial'\n(Did you mean --email?)"],
    [['user', 'list', '--tenent', 'bristol'], "unknown option '--tenent'\n(Did you mean --tenant?)"],
  ])('%p', async (args, nearest) => {
    const { code, said } = await say(...args)
    expect(code).toBe(2)
    expect(said).toContain(nearest)
  })

  test('and a council with those that there are', async () => {
    expect(await say('user', 'list', '--tenant', 'bristol-city')).toEqual({
      code: 1,
      said: 'reeve: There is no council "bristol-city". The only council is bristol\n',
    })
  })
})

test('lists may have commas, blanks and repeats', async () => {
  const ranges = ['--ip', '10.0.0.1, 10.0.0.2', '2001:db8::/32', '--ip', '10.0.0.3,10.0.0.1']
  expect((await say(...key('--scopes', 'cases:read, wards:read', ...ranges))).code).toBe(0)
  const days = [
    '--off',
    '2030-12-24=Closed, as ever,2030-12-27',
    '2030-12-30=Closed',
    '--work',
    '2030-12-25,2030-12-26',
  ]
  const { code, said } = await say('tenant', 'set-holidays', 'bristol', ...days)
  expect([code, [...(said.match(/2030-12-\d\d.*/g) ?? [])]]).toEqual([
    0,
    [
      ...['2030-12-24  Closed, as ever', '2030-12-27  Day off', '2030-12-30  Closed'],
      ...['2030-12-25', '2030-12-26'],
    ],
  ])
})

test('a target may be none', async () => {
  const { said } = await say('tenant', 'set-targets', 'bristol', '--days', 'none', '--close-after', 'none')
  expect(said).toBe('bristol: no target, resolved cases not closed automatically.\n')
})

test('dates are read as people write them', async () => {
  const days = ['--off', '24/12/2031=Closed, as ever,29 December 2031', '--work', '25.12.2031']
  const { said } = await say('tenant', 'set-holidays', 'bristol', ...days)
  expect(said.match(/2031-.*/g)).toEqual(['2031-12-24  Closed, as ever', '2031-12-29  Day off', '2031-12-25'])
  const made = await say(...key('--scopes', 'all', '--expires', '31 March 2099', '--json'))
  expect(JSON.parse(made.said).expiresAt).toBe('2099-03-30T23:00:00.000Z')
})

test('the usage of a command shows its defaults as they are typed', async () => {
  expect((await say('key', 'rotate', '--help')).said.replace(/\s+/g, ' ')).toContain('(default: 24h)')
})

test('the usage of serve says where the port is set', async () => {
  expect((await say('serve', '--help')).said).toContain('REEVE_PORT=8080')
})
