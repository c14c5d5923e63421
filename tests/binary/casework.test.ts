import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Answer } from '../support/app'
import { type Binary, buildBinary, type Output, type Running } from '../support/binary'

let binary: Binary
let server: Running
const keys: Record<string, string> = {}

const inside = (name: string) => join(binary.directory, name)
const reeve = (...args: string[]) => binary.run(args)

/** A command that must succeed. */
async function done(...args: string[]): Promise<string> {
  const { code, out, err } = await binary.run(args)
  expect([args, code, err]).toEqual([args, 0, ''])
  return out
}

const save = (name: string, ...lines: string[]) => {
  writeFileSync(inside(name), `${lines.join('\r\n')}\r\n`)
  return name
}

const ask = async (
  tenant: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Pick<Answer, 'status' | 'body'>> => {
  const response = await fetch(`${server.url}/api/cases${path}`, {
    method,
    headers: { 'x-api-key': keys[tenant] ?? '', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: await response.json() }
}

const make = async (tenant: string, input: Record<string, unknown>): Promise<Answer['body']> => {
  const { status, body } = await ask(tenant, 'POST', '', { summary: 'Pothole', ...input })
  expect(status).toBe(201)
  return body
}

const totalOf = async (tenant: string) => (await ask(tenant, 'GET', '?pageSize=1')).body.pagination.total

const residents = [
  { residentName: 'Margaret Hughes', residentEmail: 'm.hughes@example.org', residentPostcode: 'BS2 9YT' },
  { residentName: '=Siân', residentPhone: '0117 496 0123', residentAddress: '1 Mina Road\r\nBristol' },
]

async function makeCouncil(slug: string): Promise<void> {
  await done('tenant', 'create', '--slug', slug, '--name', slug)
  await done('import', 'wards', '--tenant', slug, 'wards.csv')
  await done('import', 'categories', '--tenant', slug, 'categories.csv')
  const made = await done('key', 'create', '--tenant', slug, '--name', 'k', '--scopes', 'all', '--json')
  keys[slug] = JSON.parse(made).key
}

beforeAll(async () => {
  binary = await buildBinary()
  save('wards.csv', 'name,gssCode', 'Ashley,E05001972', 'Clifton,E05001973')
  save('categories.csv', 'name,targetDays', 'Potholes,3')
  for (const slug of ['avon', 'severn', 'wye', 'usk']) await makeCouncil(slug)
  server = await binary.start(['serve'])
  await make('avon', { summary: 'Zebra crossing worn', publicThemes: ['roads; paths'], ...residents[0] })
  await make('avon', { summary: '=1+1', description: 'two\r\nlines, "quoted"', ...residents[1] })
  const closed = await make('avon', { summary: ' Siân 🕳️' })
  await ask('avon', 'PATCH', `/${closed.id}`, {
    status: 'closed',
    resolution: 'no_further_action',
    archived: true,
  })
})

afterAll(async () => {
  await server?.stop()
  binary?.remove()
})

const refused = ({ code, out, err }: Output, expected: number): string => {
  expect([code, out, err]).toEqual([expected, '', expect.any(String)])
  return err
}

describe('into a pipe that nobody reads', () => {
  const unread = async (...args: string[]) => {
    const { code, err } = await binary.runUnread(args)
    return [args, code, err]
  }

  test('every command that prints ends quietly', async () => {
    for (const args of [
      ['export', 'cases', '--tenant', 'avon'],
      ['config'],
      ['openapi'],
      ['key', 'list', '--tenant', 'avon', '--json'],
    ])
      expect(await unread(...args)).toEqual([args, 0, ''])
  })

  test('what was begun is finished, and what is wrong is still said', async () => {
    const file = save('unread.csv', 'summary', 'One', 'Two')
    const args = ['import', 'cases', '--tenant', 'usk', file]
    expect(await unread(...args)).toEqual([args, 0, ''])
    expect(await totalOf('usk')).toBe(2)
    const wrong = ['export', 'cases', '--tenant', 'nowhere']
    expect(await unread(...wrong)).toEqual([wrong, 1, expect.stringContaining('There is no council')])
  })
})

describe('an import of cases is refused', () => {
  test.each([
    [2, 'required option', ['import', 'cases', 'good.csv']],
    [2, 'missing required argument', ['import', 'cases', '--tenant', 'wye']],
    [2, '--map "Colour" is not', ['import', 'cases', '--tenant', 'wye', 'good.csv', '--map', 'Colour']],
    [2, '--map "A=shade" is not', ['import', 'cases', '--tenant', 'wye', 'good.csv', '--map', 'A=shade']],
    [1, 'There is no council "nowhere"', ['import', 'cases', '--tenant', 'nowhere', 'good.csv']],
    [1, 'There is no file missing.csv', ['import', 'cases', '--tenant', 'wye', 'missing.csv']],
    [1, 'There is no file data', ['import', 'cases', '--tenant', 'wye', 'data']],
  ])('with exit code %d: %s', async (code, sentence, args) => {
    save('good.csv', 'summary', 'A')
    expect(refused(await binary.run(args), code)).toContain(sentence)
    expect(await totalOf('wye')).toBe(0)
  })

  test('where a line is bad, naming every one, in a rehearsal too', async () => {
    const file = save('bad.csv', 'summary,priority,ward', 'A,soon,', '"B', 'b",,Ashley', ',urgent,')
    for (const args of [[], ['--dry-run'], ['--json']]) {
      const err = refused(await reeve('import', 'cases', '--tenant', 'wye', file, ...args), 1)
      expect(err).toMatch(/^reeve: .*nothing was imported\n/)
      expect(err).toContain('\n  line 2: priority: Must be one of low, normal, high, urgent\n')
      expect(err).toContain('\n  line 5: summary: Required\n')
      expect(err.match(/ line /g)).toHaveLength(2)
    }
    expect(await totalOf('wye')).toBe(0)
  })
})

describe('wards', () => {
  test('go out and come in again, cut to a district, and end where a file lacks them', async () => {
    await makeCouncil('tees')
    const text = await done('export', 'wards', '--tenant', 'tees')
    const same = save('wards.geojson', text)
    expect(await done('import', 'wards', '--tenant', 'tees', same)).toBe(
      'Imported wards: 0 new, 0 changed, 2 unchanged.\n',
    )
    const national = save(
      'uk.csv',
      'WD26CD,WD26NM,LAD26CD,FID',
      'E05009001,New,E06000023,1',
      'E05009002,Far,E06000024,2',
    )
    const args = ['import', 'wards', '--tenant', 'tees', national, '--district', 'E06000023']
    expect(await done(...args, '--dry-run')).toBe(
      'Would import wards: 1 new, 0 changed, 0 unchanged.\nColumns not read: FID.\n' +
        'The file lacks 2 wards in use: Ashley (E05001972), Clifton (E05001973). ' +
        'They stay in use: --end-missing DATE ends them, with DATE as their last day.\n',
    )
    expect(await done(...args, '--end-missing', '2026-01-31')).toContain('Their last day is 2026-01-31.\n')
    expect(refused(await reeve(...args, '--district', 'E06000099'), 1)).toContain(
      'No row has E06000099 in LAD26CD',
    )
  })
})

describe('cases', () => {
  test('are rehearsed, then imported beside the server, which finds them at once', async () => {
    const file = save('theirs.csv', 'Betreff,Colour,Ward', 'Fallen oak,red,ashley', 'Fallen elm,green,')
    const args = ['import', 'cases', '--tenant', 'wye', file, '--map', 'Betreff=summary', '--map', 'Colour=']
    const counts = { created: 2, updated: 0, unchanged: 0 }
    expect(JSON.parse(await done(...args, '--dry-run', '--json'))).toEqual({ ...counts, dryRun: true })
    expect(await done(...args, '--dry-run')).toBe('Would import cases: 2 new, 0 changed, 0 unchanged.\n')
    expect(await totalOf('wye')).toBe(0)
    expect(JSON.parse(await done(...args, '--json'))).toEqual({ ...counts, dryRun: false })
    expect(await totalOf('wye')).toBe(2)
    const { body } = await ask('wye', 'GET', '?search=fallen%20oa')
    expect(body).toMatchObject({
      searchActive: true,
      cases: [{ summary: 'Fallen oak', ward: { name: 'Ashley' } }],
    })
  })

  test('are searched on the thread that the binary brings along', async () => {
    const { status, body } = await ask('avon', 'GET', '?search=zebr')
    expect([status, body.cases.map(({ summary }: Answer['body']) => summary)]).toEqual([
      200,
      ['Zebra crossing worn'],
    ])
  })

  test('go out, come in and go out again the same, byte by byte', async () => {
    const first = await done('export', 'cases', '--tenant', 'avon', '--residents')
    for (const text of ['Margaret Hughes', "'=1+1", "'=Siân", '" Siân 🕳️"', 'two\r\nlines']) {
      expect(first).toContain(text)
    }
    writeFileSync(inside('all.csv'), first)
    expect(await done('import', 'cases', '--tenant', 'severn', 'all.csv')).toBe(
      'Imported cases: 3 new, 0 changed, 0 unchanged.\n',
    )
    expect(await done('export', 'cases', '--tenant', 'severn', '--residents')).toBe(first)
    const { body } = await ask('severn', 'POST', '/search-resident', { postcode: 'bs29yt' })
    expect(body.cases).toMatchObject([{ residentName: 'Margaret Hughes' }])
    expect((await make('severn', {})).reference).toMatch(/-0004$/)
    const again = await reeve('import', 'cases', '--tenant', 'severn', 'all.csv')
    expect(refused(again, 1)).toContain('  line 2: reference: There is already a case CW-')
  })

  test('go out without residents unless those are asked for', async () => {
    expect(refused(await reeve('export', 'cases', '--tenant', 'avon', '--format', 'xml'), 2)).toContain('csv')
    const formats = ['csv', 'json', 'ndjson']
    for (const format of formats) {
      const args = ['export', 'cases', '--tenant', 'avon', '--format', format]
      expect(await done(...args)).not.toMatch(/Hughes|BS2 9YT|Mina/)
      expect(await done(...args, '--residents')).toMatch(/Hughes/)
    }
    expect(JSON.parse(await done('export', 'cases', '--tenant', 'avon', '--format', 'json')).total).toBe(3)
  })

  test('are erased only by who says that it cannot be undone, all or none', async () => {
    const [one, two] = [await make('wye', { summary: 'Walrus' }), await make('wye', {})]
    const args = ['erase', 'cases', one.reference, two.reference, '--tenant', 'wye']
    expect(refused(await binary.run(args), 2)).toContain('--yes')
    const unknown = ['CW-2026-9998', 'CW-2026-9999']
    expect(refused(await binary.run([...args, ...unknown, '--yes']), 1)).toContain(
      'Nothing was erased: there is no case "CW-2026-9998", "CW-2026-9999"',
    )
    expect((await ask('wye', 'GET', `/${one.id}`)).status).toBe(200)
    expect(await done(...args, '--yes')).toBe(`Erased ${one.reference}, ${two.reference}.\n`)
    for (const { id } of [one, two]) expect((await ask('wye', 'GET', `/${id}`)).status).toBe(404)
    expect((await ask('wye', 'GET', '?search=walrus')).body.cases).toEqual([])
  })
})

const dayMs = 86_400_000
const daysToResolve = ({ receivedAt, dueAt }: Answer['body']) =>
  (Date.parse(dueAt) - Date.parse(receivedAt)) / dayMs

describe('targets and days off', () => {
  test('are refused where one of them cannot be meant', async () => {
    const days = ['--off', '2026-12-24=Closed', '2026-02-30=Closed']
    expect(refused(await reeve('tenant', 'set-holidays', 'wye', ...days), 2)).toStartWith('error: ')
    const origins = ['https://a.example', '--none']
    expect(refused(await reeve('tenant', 'set-origins', 'wye', ...origins), 2)).toStartWith('error: ')
  })

  test('hold for the next case, beside the server', async () => {
    const set = (...args: string[]) => done('tenant', 'set-targets', 'wye', ...args)
    expect(await set('--days', '30', '--day-type', 'calendar', '--close-after', 'none')).toBe(
      'wye: target 30 calendar days, resolved cases not closed automatically.\n',
    )
    const days = daysToResolve(await make('wye', {}))
    expect([days > 29, days < 32]).toEqual([true, true])
    expect(await set('--days', 'none')).toContain('no target')
    expect((await make('wye', {})).dueAt).toBeNull()
    expect(await set('--days', '1', '--day-type', 'working', '--close-after', '7')).toBe(
      'wye: target 1 working day, resolved cases closed after 7 working days.\n',
    )
    const off = Array.from({ length: 22 }, (_, i) =>
      new Date(Date.now() + (i - 1) * dayMs).toISOString().slice(0, 10),
    )
    const due = await make('wye', {})
    const told = await done('tenant', 'set-holidays', 'wye', '--off', ...off, '--work', '2030-12-25')
    const list = [
      'wye: extra days off',
      ...off.map((date) => `  ${date}  Day off`),
      'wye: bank holidays worked',
      '  2030-12-25\n',
    ].join('\n')
    expect(told).toStartWith(list)
    expect(told).toContain('which is no working day anyway.')
    const [, count] = /wye: (\d+ open cases?) would have another due date/.exec(told) ?? []
    expect(await done('tenant', 'set-holidays', 'wye', '--move-targets')).toBe(
      `${list}wye: ${count} moved to another due date.\n`,
    )
    expect(daysToResolve((await ask('wye', 'GET', `/${due.id}`)).body)).toBeGreaterThan(20)
    expect(daysToResolve(await make('wye', {}))).toBeGreaterThan(20)
    expect(await done('tenant', 'set-holidays', 'wye')).toBe(list)
    expect(await done('tenant', 'set-holidays', 'wye', '--clear-off', '--clear-work')).toStartWith(
      'wye: no extra days off.\nwye: no bank holidays worked.\n',
    )
    expect(daysToResolve(await make('wye', {}))).toBeLessThan(12)
  })
})

test('web origins are set, shown, and taken away only when that is said', async () => {
  const origins = (...args: string[]) => done('tenant', 'set-origins', 'wye', ...args)
  expect(await origins('https://a.example')).toBe('wye allows https://a.example.\n')
  expect(await origins()).toBe('wye allows https://a.example.\n')
  expect(await origins('--none')).toBe('wye allows no web origin.\n')
})

describe('the store', () => {
  const names = [
    'secret key',
    'integrity of the file',
    'foreign keys',
    'counters',
    'figures of reports',
    'references',
    'order of changes',
    'search index',
    'residents',
    'webhooks',
    'second factors',
    'audit chain',
  ]
  const lines = (verdict: (name: string) => string) =>
    names.map((name) => `${verdict(name)} ${name}\n`).join('')

  test('is found sound, beside the server', async () => {
    const [first, ...rest] = (await done('check')).split(/(?<=\n)/)
    expect(first).toMatch(/^Checking .*data: councils 5, cases \d+, audit entries \d+\n$/)
    expect(rest.join('')).toBe(lines(() => 'ok    '))
    expect(JSON.parse(await done('check', '--json'))).toEqual({
      ok: true,
      store: {
        place: './data',
        councils: 5,
        cases: expect.any(Number),
        auditEntries: expect.any(Number),
      },
      results: names.map((check) => ({ check, faults: [] })),
    })
  })

  test('is found broken, where and how, with exit code 1', async () => {
    const beside = new Database(inside('data/reeve.db'))
    const change = (by: number) =>
      beside.run(`UPDATE case_counters SET cases = cases + ${by} WHERE status = 'closed'`)
    change(1)
    try {
      const { code, out, err } = await reeve('check')
      expect([code, err]).toEqual([1, 'reeve: 1 of 12 checks failed\n'])
      expect(out).toContain('ok     foreign keys\nFAILED counters\n         ')
      expect(out.match(/FAILED/g)).toHaveLength(1)
      const json = await reeve('check', '--json')
      const { ok, results } = JSON.parse(json.out)
      expect([json.code, ok]).toEqual([1, false])
      const failed = results.filter(({ faults }: { faults: string[] }) => faults.length > 0)
      expect(failed).toMatchObject([{ check: 'counters' }])
    } finally {
      change(-1)
      beside.close()
    }
    expect((await reeve('check')).code).toBe(0)
  })
})

describe('the key', () => {
  const keyFile = () => readFileSync(inside('data/secret.key'), 'utf8')

  test('is not changed under a server', async () => {
    const before = keyFile()
    expect(refused(await reeve('rotate-key'), 1)).toContain(
      'Another copy of Reeve is using the data directory',
    )
    expect(keyFile()).toBe(before)
  })

  test('is changed without one: residents are sealed anew and found as before', async () => {
    const old = keyFile()
    await server.stop()
    expect(await done('rotate-key')).toStartWith('Encrypted under the newest key: 4 residents, ')
    expect(keyFile().split('\n')).toEqual([expect.stringMatching(/^.{43}=$/), old.trim(), ''])
    expect(statSync(inside('data/secret.key')).mode & 0o777).toBe(0o600)
    expect(readdirSync(inside('data')).filter((name) => name.startsWith('secret.key'))).toEqual([
      'secret.key',
    ])
    expect((await reeve('check')).code).toBe(0)
    server = await binary.start(['serve'])
    for (const tenant of ['avon', 'severn']) {
      const { body } = await ask(tenant, 'POST', '/search-resident', { email: 'M.Hughes@example.org' })
      expect(body.cases).toMatchObject([residents[0] as object])
    }
    const made = await make('avon', { residentPostcode: 'BS2 9YT' })
    const { body } = await ask('avon', 'POST', '/search-resident', { postcode: 'BS2 9YT' })
    expect(body.cases.map(({ id }: Answer['body']) => id)).toContain(made.id)
    expect(body.cases).toHaveLength(2)
    expect((await reeve('check')).code).toBe(0)
  })

  test('that the residents were sealed under is needed no longer, but the audit chain needs it', async () => {
    await server.stop()
    const both = keyFile()
    writeFileSync(inside('data/secret.key'), `${both.split('\n')[0]}\n`)
    const { code, out } = await reeve('check')
    expect([code, out.match(/FAILED .*/g)]).toEqual([1, ['FAILED audit chain']])
    writeFileSync(inside('data/secret.key'), both)
    server = await binary.start(['serve'])
    expect((await reeve('check')).code).toBe(0)
  })
})
