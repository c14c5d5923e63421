import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import fc from 'fast-check'
import { outboxEvents } from '../../../src/core/outbox/table'
import { Text } from '../../../src/core/schema'
import { tidied, validate } from '../../../src/core/validation'
import { csvLines } from '../../../src/lib/csv'
import { importCases, previewCases } from '../../../src/resources/cases/files/import.service'
import { parseWards } from '../../../src/resources/wards/import'
import { importWards } from '../../../src/resources/wards/import.service'
import { type Council, createCouncil, createTestApp, createTestUser, type TestApp } from '../../support/app'
import { contentOf, withTrigger } from '../../support/beside'
import { bytes, createTestCase, createTestWards } from '../../support/casework'
import { atInstant, unlimited } from '../../support/http'
import { refusalOf } from '../../support/store'
import { auditOf, type Body, caller } from './support'
import {
  asLine,
  awkwardTexts,
  createTwin,
  exportFile,
  type Fault,
  failedChecks,
  faultsOf,
  fillCouncil,
  importFile,
  parseFile,
  type Twin,
} from './transfer-support'

let app: TestApp
let call: ReturnType<typeof caller>

beforeAll(async () => {
  app = await createTestApp(unlimited)
  call = caller(app)
})
afterAll(() => app.close())

let fresh = 0
const newCouncil = () => createCouncil(app, `fresh-${++fresh}`)

const csv = (...lines: string[]) => `${lines.join('\r\n')}\r\n`

const all = async (council: Council): Promise<Body[]> => {
  const [kept, archived] = [
    await call.list('pageSize=100', council),
    await call.list('archived=true', council),
  ]
  return [...kept.body.cases, ...archived.body.cases]
}
const only = async (council: Council): Promise<Body> => {
  const found = await all(council)
  expect(found).toHaveLength(1)
  return found[0]
}
const words = (reason: string) => expect.stringContaining(reason)
const summariesOf = async (council: Council) => (await all(council)).map(({ summary }) => summary)

describe('a file is refused', () => {
  let council: Council
  let elsewhere: string
  beforeAll(async () => {
    council = await newCouncil()
    await createTestWards(app, council, ['Ashley', 'Clifton'])
    const twice = 'name,gssCode\nSt Marys,E05001972\nSt Marys,E05001973\n'
    await importWards(council.ctx, parseWards(bytes(twice)))
    await createTestUser(council, { role: 'caseworker', email: 'caseworker@council.example' })
    await createTestCase(app, council, { summary: 'There already' })
    ;[elsewhere = ''] = await createTestWards(app, await newCouncil(), ['Elsewhere'])
  })

  /** The faults of a file, of which nothing may have been imported. */
  async function refused(file: string | Uint8Array, map: string[] = []): Promise<Fault[]> {
    const before = await contentOf(app)
    const faults = await faultsOf(() => importFile(council, file, map))
    expect(await contentOf(app)).toEqual(before)
    return faults
  }

  test.each([
    ['that is empty', '', 'contains no cases'],
    ['of blank lines', '\r\n \r\n\n', 'contains no cases'],
    ['of headings alone', 'summary\r\n', 'contains no cases'],
    ['with an unknown heading', csv('Summary,Colour', 'A,red'), 'unknown heading: Colour'],
    ['with two of them', csv('Colour,Summary,Shape', 'red,A,round'), 'unknown headings: Colour, Shape'],
    ['with a heading of JavaScript’s own', csv('summary,constructor', 'A,B'), 'unknown heading: constructor'],
    ['without a heading for summary', csv('Reference,Status', 'CW-2026-0009,open'), 'no heading for summary'],
    ['with a heading twice', csv('summary,Ward,wardId', 'A,,'), 'two headings for ward: "Ward" and "wardId"'],
  ])('%s', async (_, file, reason) => {
    expect(await refused(file)).toEqual([[1, words(reason)]])
  })

  test.each([
    ['no summary', 'summary', '', 'summary: Required'],
    ['a blank one', 'summary', ' \t', 'summary: Must not be blank'],
    ['one too long', 'summary', 'x'.repeat(201), 'summary: Must have at most 200 characters'],
    ['an unknown ward', 'ward', 'Nowhere', 'ward: There is no ward "Nowhere"'],
    ['the name of two wards', 'ward', 'st marys', 'ward: "st marys" is the name of more than one ward'],
    ['an unknown category', 'category', 'Nothing', 'category: There is no category "Nothing"'],
    [
      'an unknown assignee',
      'assignee',
      'x@council.example',
      'assignee: There is no user "x@council.example"',
    ],
    [
      'a councillor who is none',
      'councillor',
      'caseworker@council.example',
      'councillor: There is no councillor "caseworker',
    ],
    [
      'a reference that is there',
      'reference',
      'CW-2026-0001',
      'reference: There is already a case CW-2026-0001',
    ],
    ['a date that does not exist', 'Created At', '2026-02-29', 'createdAt: Must be a real date'],
    ['an instant that does not', 'Created At', '2026-02-29T10:00:00Z', 'createdAt: Must be a real date'],
    ['a time that does not', 'Created At', '2026-02-28T25:00:00Z', 'createdAt: Must be a time'],
    [
      'a date with the month first',
      'Created At',
      '02/28/2026',
      'createdAt: Must have the day before the month: 28/02/2026',
    ],
    ['a latitude beyond the pole', 'latitude', '91', 'latitude: Must be at most 90'],
    ['a latitude in words', 'latitude', 'north', 'latitude: Must be a number'],
    ['a longitude beyond the date line', 'longitude', '-180.5', 'longitude: Must be at least -180'],
    ['a latitude without a longitude', 'latitude', '51.5', 'longitude: Required where latitude'],
    ['a longitude without a latitude', 'longitude', '-2.5', 'latitude: Required where longitude'],
    ['a decimal comma', 'longitude', '"2,5"', 'longitude: Must be a number'],
    ['another word of priority', 'priority', 'soon', 'priority: Must be one of low, normal, high, urgent'],
    ['another word of status', 'status', 'Pending', 'status: Must be one of open'],
    ['another source', 'source', 'fax', 'sourceChannel: Must be one of web'],
    ['neither yes nor no', 'archived', 'maybe', 'archived: Must be true or false'],
    ['half a reopening', 'reopenCount', '0.5', 'reopenCount: Must be a whole number'],
    ['a UPRN in words', 'uprn', 'one', 'uprn: Must be up to 12 digits'],
    ['a theme too long', 'themes', 'x'.repeat(51), 'publicThemes.0: Must have at most 50 characters'],
    ['an empty theme', 'themes', 'roads; ; bins', 'publicThemes.1: Must not be'],
    [
      'a description too long',
      'description',
      'x'.repeat(20_001),
      'description: Must have at most 20000 characters',
    ],
    [
      'a postcode of no such form',
      'postcode',
      'BRISTOL',
      'postcode: Must be a UK postcode, such as SW1A 2AA',
    ],
    [
      'a resident’s e-mail that is none',
      'residentEmail',
      'at home',
      'residentEmail: Must be an e-mail address, such as name@example.org',
    ],
    [
      'a resident’s number that is none',
      'residentPhone',
      '12',
      'residentPhone: Must be a whole telephone number',
    ],
    [
      'a resident’s postcode that is none',
      'residentPostcode',
      'X',
      'residentPostcode: Must be a UK postcode, such as SW1A 2AA',
    ],
    [
      'an end of an open case',
      'resolvedAt',
      '2026-03-01',
      'resolvedAt: Only a resolved or closed case has one',
    ],
    ['another end of one', 'closedAt', '2026-03-01', 'closedAt: Only a resolved or closed case has one'],
    ['a resolution of one', 'resolution', 'answered', 'resolution: Only a resolved or closed case has one'],
    ['an open case that waits', 'pendingReason', 'scheduled', 'pendingReason: Only a case in progress'],
    ['a wait for nothing', 'pendingSince', '2026-03-01', 'pendingReason: Required where pendingSince'],
    [
      'an original of no duplicate',
      'duplicateOf',
      'CW-2026-0001',
      'duplicateOf: Can only be sent with the resolution',
    ],
    ['a public case that says nothing', 'publicState', 'approved', 'publicSummary: Required before'],
    ...['receivedAt', 'createdAt', 'updatedAt', 'acknowledgedAt'].map((name) => [
      `${name} in the future`,
      name,
      '2026-03-13T09:35:00.001Z',
      `${name}: Must not be in the future`,
    ]),
  ] as [string, string, string, string][])('that gives %s', async (_, heading, cell, reason) => {
    const file =
      heading === 'summary' ? csv('type,summary', `enquiry,${cell}`) : csv(`summary,${heading}`, `A,${cell}`)
    expect(await refused(file)).toEqual([[2, words(reason)]])
  })

  test('that names another council’s ward, also by its id', async () => {
    const file = csv('summary,wardId', `A,${elsewhere}`, 'B,Elsewhere', 'C,Ashley')
    expect(await refused(file)).toEqual([
      [2, words('There is no ward')],
      [3, words('There is no ward "Elsewhere"')],
    ])
  })

  test('that gives a reference twice, wherever the two stand', async () => {
    const file = csv(
      'reference,summary',
      'CW-2026-0009,A',
      'CW-2026-0010,B',
      'CW-2026-0009,C',
      'CW-2026-0009,D',
    )
    expect(await refused(file)).toEqual(
      [4, 5].map((line) => [line, words('reference: CW-2026-0009 is on line 2 already')]),
    )
  })

  test('with a duplicate that says wrongly, or in a circle of one, of what', async () => {
    const file = csv(
      'reference,summary,status,resolution,duplicateOf',
      'CW-2026-0009,A,resolved,duplicate,', // the original may be erased
      'CW-2026-0010,B,closed,duplicate,CW-2026-0999',
      'CW-2026-0011,C,closed,duplicate,CW-2026-0011',
      'CW-2026-0012,D,closed,answered,CW-2026-0009',
      'CW-2026-0013,E,closed,duplicate,CW-2026-0001',
      'CW-2026-0014,F,closed,duplicate,CW-2026-0015',
      'CW-2026-0015,G,closed,duplicate,CW-2026-0014',
    )
    expect(await refused(file)).toEqual([
      [3, words('duplicateOf: There is no case CW-2026-0999')],
      [4, words('duplicateOf: A case cannot be a duplicate of itself')],
      [5, words('duplicateOf: Can only be sent with the resolution duplicate')],
      [7, words('duplicateOf: A case cannot be a duplicate of itself')],
      [8, words('duplicateOf: A case cannot be a duplicate of itself')],
    ])
  })

  test('that would make personal data public', async () => {
    const file = csv(
      'summary,publicState,publicSummary,themes,residentName',
      'A,approved,Write to m.hughes@example.org,,',
      'B,approved,A hole,ring 0117 496 0123,',
      'C,approved,At BS2 9YT,,',
      'D,approved,Margaret’s hole,,Margaret Hughes',
      'E,draft,Write to m.hughes@example.org,,',
      'F,approved,A hole,roads,Margaret Hughes',
    )
    expect(await refused(file)).toEqual([
      [2, words('publicSummary: Contains an e-mail address')],
      [3, words('publicThemes.0: Contains a telephone number')],
      [4, words('publicSummary: Contains a postcode')],
      [5, words('publicSummary: Contains the resident’s name')],
    ])
  })

  test('with every fault of every line, each on the line where its row begins', async () => {
    const file = csv(
      'summary,description,priority,latitude,createdAt',
      'A,"three',
      'lines',
      'long",soon,91,2026-02-30',
      '',
      'B,"two',
      'lines",normal,,',
      ',,,x,',
    )
    expect(await refused(file)).toEqual([
      [2, words('createdAt: Must be a real date')],
      [2, words('priority: Must be one of')],
      [2, words('latitude: Must be at most 90')],
      [8, words('summary: Required')],
      [8, words('latitude: Must be a number')],
    ])
  })

  test('with what is wrong of a cell and what is wrong of a case, all at once', async () => {
    const file = csv('summary,latitude,ward', 'A,91,', 'B,,Nowhere', 'C,91,Nowhere', 'D,,Ashley')
    expect(await refused(file)).toEqual([
      [2, words('latitude')],
      [3, words('ward')],
      [4, words('latitude')],
      [4, words('ward')],
    ])
  })

  test.each([
    ['more values than headings', csv('summary,type', 'A,enquiry,x'), 2, 'too many values: 3, not 2'],
    ['a quote that is never closed', csv('summary', 'A', '"B', 'C'), 3, 'never closed'],
  ])('with %s', async (_, file, line, reason) => {
    expect(await refused(file)).toEqual([[line, words(reason)]])
  })

  test('in UTF-16 without a byte order mark, in broken UTF-8 and in broken UTF-16', async () => {
    const utf16 = Buffer.from(csv('summary', 'A'), 'utf16le')
    expect(await refused(utf16)).toEqual([[1, words('looks like UTF-16 without a byte order mark')]])
    const latin1 = Buffer.from(csv('summary', 'A', 'Siân'), 'latin1')
    expect(await refused(latin1)).toEqual([[3, words('is not valid UTF-8')]])
    const cut = Buffer.concat([Buffer.from([0xff, 0xfe]), utf16.subarray(0, -1)])
    expect(await refused(cut)).toEqual([[2, words('is not valid UTF-16')]])
  })

  test('whose times no calendar of ours holds, by name', async () => {
    const due = await refused(csv('summary,dueAt', 'A,9999-12-31', 'B,1000-01-01', 'C,2026-12-31'))
    expect(due).toEqual([2, 3].map((line) => [line, words('dueAt: ')]))
    const received = await refused(csv('summary,receivedAt', 'A,1000-01-01T00:00:00Z'))
    expect(received).toEqual([[2, words('receivedAt: ')]])
  })
})

describe('a file that comes in again', () => {
  const headings = 'internalRef,summary,status,ward,priority,address,residentName,themes,followUpAt,createdAt'
  const lines = [
    'HW-1,Pothole,open,Ashley,high,1 Mina Road,Siân,roads; bins,2027-01-05,2026-01-05',
    'HW-2,Oak,closed,,,,,,,2026-01-04',
  ]

  test('is refused where its cases have no references to know them by, unless they are wanted twice', async () => {
    const council = await newCouncil()
    const records = parseFile(council, csv('summary,internalRef', 'Lamp,', 'Bin,A1'))
    await importCases(council.ctx, records)
    app.clock.advance(3_600_000)
    for (const attempt of [previewCases, importCases]) {
      const { message } = await refusalOf(() => attempt(council.ctx, records))
      expect(message).toMatch(/imported already, on 2026-.* and 1 of its cases has no reference .* --again/)
    }
    expect((await call.list('', council)).body.pagination.total).toBe(2)
    const again = { created: 1, updated: 0, unchanged: 1 }
    expect(await importCases(council.ctx, records, undefined, { isRepeated: true })).toEqual(again)
    await refusalOf(() => importCases(council.ctx, records))
    expect((await call.list('', council)).body.pagination.total).toBe(3)
  })

  test('is refused where a reference of theirs stands twice, or several cases have it', async () => {
    const council = await newCouncil()
    for (let i = 0; i < 2; i++) await call.create({ summary: 'Twin', internalRef: 'HW-9' }, council)
    const file = csv(
      'reference,internalRef,summary',
      ',HW-1,A',
      'CW-2026-0100,HW-1,B',
      ',HW-9,C',
      'CW-2026-0101,HW-9,D',
      'CW-2026-0102,HW-2,E',
      'CW-2026-0103,HW-2,F',
    )
    expect(await faultsOf(() => importFile(council, file))).toEqual([
      [3, words('internalRef: HW-1 is on line 2 already')],
      [4, words('internalRef: 2 cases have HW-9')],
      [5, words('internalRef: HW-9 is on line 4 already')],
    ])
  })

  test('makes no case twice, changes what it says otherwise, and leaves what people did', async () => {
    const council = await createTwin(app, `fresh-${++fresh}`)
    const counts = (created: number, updated: number, unchanged: number) => ({ created, updated, unchanged })
    expect(await importFile(council, csv(headings, ...lines))).toEqual(counts(2, 0, 0))
    const [oak, pothole] = (await all(council)).sort((a, b) => (a.summary < b.summary ? -1 : 1))
    const entries = (await auditOf(app, council)).length
    expect(await previewCases(council.ctx, parseFile(council, csv(headings, ...lines)))).toEqual(
      counts(0, 0, 2),
    )
    expect(await importFile(council, csv(headings, ...lines))).toEqual(counts(0, 0, 2))
    expect((await auditOf(app, council)).length).toBe(entries)

    await call.change(pothole.id, { status: 'in_progress' }, council)
    const changed = [lines[0], 'HW-2,Elm,closed,ashley,,,,,,2026-01-04', 'HW-3,Ash,open,,,,,,,'] as string[]
    expect(await previewCases(council.ctx, parseFile(council, csv(headings, ...changed)))).toEqual(
      counts(1, 1, 1),
    )
    expect(await importFile(council, csv(headings, ...changed))).toEqual(counts(1, 1, 1))
    expect(await all(council)).toHaveLength(3)
    expect((await call.get(pothole.id, council)).body.status).toBe('in_progress')
    const { body } = await call.get(oak.id, council)
    expect([body.summary, body.ward.name, body.reference]).toEqual(['Elm', 'Ashley', oak.reference])
    expect(await failedChecks(app.deps)).toEqual({})
  })
})

describe('what stands for a heading of theirs', () => {
  test.each(['Colour', 'Colour=shade', '=summary', '', 'summary', 'a=b=c'])(
    'is refused: %j',
    async (pair) => {
      const council = await newCouncil()
      const file = csv('Subject', 'A')
      const { kind, message, details } = await refusalOf(() =>
        parseFile(council, file, ['Subject=summary', pair]),
      )
      expect([kind, details.faults]).toEqual(['bad_request', [pair]])
      expect(message).toContain(`--map "${pair}"`)
    },
  )

  test('is read in any case and spacing, and passed over where it stands for nothing', async () => {
    const council = await newCouncil()
    const file = csv('Subject Line,Ref=No,Colour,Urgency', '=1,"X 1",red,high')
    await importFile(council, file, [
      'SUBJECT LINE=Summary',
      'ref=no=internal ref',
      'colour=',
      'Urgency = priority',
    ])
    expect(await only(council)).toMatchObject({ summary: '=1', internalRef: 'X 1', priority: 'high' })
  })

  test('comes before our own heading of that name', async () => {
    const council = await newCouncil()
    const file = csv('Summary,Description,Status', 'Short,Long,Live')
    await importFile(council, file, ['Description=summary', 'Summary=internalRef', 'Status='])
    expect(await only(council)).toMatchObject({ summary: 'Long', internalRef: 'Short', status: 'open' })
  })
})

describe('a file is read', () => {
  const text = csv('Reference,SUMMARY,description', 'CW-2026-0007,Tŷ 🕳️,"two', 'lines"')
  const marked = (mark: number[], bytes: Buffer) => Buffer.concat([Buffer.from(mark), bytes])
  const lineFeeds = (file: string) => file.replaceAll('\r\n', '\n')

  test.each([
    ['in UTF-8', Buffer.from(text), 'two\r\nlines'],
    ['in UTF-8 with a byte order mark', marked([0xef, 0xbb, 0xbf], Buffer.from(text)), 'two\r\nlines'],
    ['in UTF-16, little end first', marked([0xff, 0xfe], Buffer.from(text, 'utf16le')), 'two\r\nlines'],
    ['in UTF-16, big end first', marked([0xfe, 0xff], Buffer.from(text, 'utf16le').swap16()), 'two\r\nlines'],
    ['with line feeds alone', Buffer.from(lineFeeds(text)), 'two\nlines'],
    ['with blank lines', Buffer.from(`\n \n${text.replace('CW', '\r\n\nCW')}\n\n`), 'two\r\nlines'],
    ['without a line end at its end', Buffer.from(text.trimEnd()), 'two\r\nlines'],
  ])('%s', async (_, file, description) => {
    const council = await newCouncil()
    expect(await importFile(council, file)).toEqual({ created: 1, updated: 0, unchanged: 0 })
    expect(await only(council)).toMatchObject({ reference: 'CW-2026-0007', summary: 'Tŷ 🕳️', description })
  })

  test('under headings in any order, case and spacing, by field name and by report heading', async () => {
    const council = await newCouncil()
    const headings =
      ' created_at ,"Due-At",SOURCE,Public Themes,ReOpen   Count,summary,High lighted for public,URN'
    const cells = '2026-01-05T10:00:00+01:00,2026-02-01,phone,roads; bins,2,A,YES,9'
    await importFile(council, csv(headings, cells), ['urn=UPRN'])
    expect(await only(council)).toMatchObject({
      createdAt: '2026-01-05T09:00:00.000Z',
      updatedAt: '2026-01-05T09:00:00.000Z',
      receivedAt: '2026-01-05T09:00:00.000Z',
      dueAt: '2026-02-01T23:59:59.000Z',
      sourceChannel: 'phone',
      publicThemes: ['roads', 'bins'],
      reopenCount: 2,
      highlightedForPublic: true,
      location: { uprn: '9', latitude: null },
    })
  })

  test('with wards by id, slug, code and name, categories by slug, people by address in any case', async () => {
    const twin = await createTwin(app, `fresh-${++fresh}`)
    const file = csv(
      'summary,ward,category,assignee,councillor',
      `A,${twin.wards[0]},potholes,CASEWORKER@council.example,councillor@council.example`,
      `B,ashley,POTHOLES,${twin.worker},`,
      `C,ASHLEY,${twin.categories.Potholes},,${twin.councillor}`,
    )
    await importFile(twin, file)
    expect((await all(twin)).map(({ ward, category }) => [ward.name, category.name])).toEqual(
      Array(3).fill(['Ashley', 'Potholes']),
    )
    expect((await all(twin)).map(({ assigneeId, councillorId }) => [assigneeId, councillorId])).toEqual([
      [null, twin.councillor],
      [twin.worker, null],
      [twin.worker, twin.councillor],
    ])
  })

  test('with clocks a little ahead, and with times to come where they may', async () => {
    const council = await newCouncil()
    const file = csv(
      'summary,status,createdAt,dueAt,followUpAt,pendingReason,pendingUntil',
      'A,in_progress,2026-03-13T09:35:00Z,2027-01-04,2027-01-05,scheduled,2027-01-06',
    )
    await importFile(council, file)
    expect(await only(council)).toMatchObject({
      createdAt: '2026-03-13T09:35:00.000Z',
      dueAt: '2027-01-04T23:59:59.000Z',
      followUpAt: '2027-01-05T00:00:00.000Z',
      pending: { reason: 'scheduled', until: '2027-01-06T00:00:00.000Z' },
    })
  })
})

describe('cases that come in', () => {
  test('keep reference, status and times, closed ones too; what is not given follows from what is', async () => {
    const council = await newCouncil()
    const file = csv(
      'reference,summary,status,createdAt,updatedAt,resolvedAt,closedAt',
      'CW-2024-0003,Whole,closed,2024-05-01T09:00:00Z,2024-05-09T09:00:00Z,2024-05-02T09:00:00Z,2024-05-08T09:00:00Z',
      'CW-2024-0002,Half,resolved,2024-04-01,2024-04-09,,',
      'CW-2024-0001,Bare,closed,2024-03-01,,,',
    )
    await importFile(council, file)
    expect(await all(council)).toMatchObject([
      {
        reference: 'CW-2024-0003',
        status: 'closed',
        resolvedAt: '2024-05-02T09:00:00.000Z',
        closedAt: '2024-05-08T09:00:00.000Z',
        updatedAt: '2024-05-09T09:00:00.000Z',
        dueAt: '2024-05-16T22:59:59.000Z',
        slaState: 'met',
      },
      { status: 'resolved', resolvedAt: '2024-04-08T23:00:00.000Z', closedAt: null },
      { status: 'closed', resolvedAt: null, closedAt: '2024-03-01T00:00:00.000Z', slaState: 'met' },
    ])
  })

  test('move the counter of each year on, and never back', async () => {
    const council = await newCouncil()
    const post = async () => (await call.create({}, council)).reference
    await importFile(
      council,
      csv('reference,summary', 'CW-2026-0041,A', 'CW-2025-0007,B', 'AB-2027-0003,C', 'CW-2026-0040,D'),
    )
    expect(await post()).toBe('CW-2026-0042')
    await importFile(council, csv('reference,summary', 'CW-2026-0012,E'))
    expect(await post()).toBe('CW-2026-0043')
    expect(await atInstant(app, '2025-06-01T12:00:00Z', post)).toBe('CW-2025-0008')
    expect(await atInstant(app, '2027-06-01T12:00:00Z', post)).toBe('CW-2027-0004')
    expect(await atInstant(app, '2028-06-01T12:00:00Z', post)).toBe('CW-2028-0001')
  })

  test('get references of the year they were made in where they bring none, after those of the file', async () => {
    const council = await newCouncil()
    const file = csv(
      'reference,summary,createdAt',
      ',New,2026-02-01',
      'CW-2026-0005,Own,2026-01-02',
      ',Old,2025-12-31',
    )
    await importFile(council, file)
    expect((await all(council)).map(({ reference, summary }) => [reference, summary])).toEqual([
      ['CW-2026-0006', 'New'],
      ['CW-2026-0005', 'Own'],
      ['CW-2025-0001', 'Old'],
    ])
  })

  test('with more noughts in a reference than ours leave a sound store, or are refused', async () => {
    const other = await createTestApp()
    const council = await createCouncil(other, 'other')
    try {
      await importFile(council, csv('reference,summary', 'CW-2026-00042,A'))
    } catch (error) {
      expect((error as Error).message).toContain('nothing was imported')
    }
    expect(await failedChecks(other.deps)).toEqual({})
    await other.close()
  })

  test('stand in the audit log one by one and cause no event', async () => {
    const council = await newCouncil()
    const before = await auditOf(app, council)
    const file = csv(
      'reference,summary,status,resolution,residentName',
      'CW-2026-0002,Second,closed,answered,Margaret Hughes',
      'CW-2026-0001,First,open,,',
    )
    await importFile(council, file)
    const entries = (await auditOf(app, council)).slice(before.length)
    const ids = new Map((await all(council)).map(({ id, reference }) => [reference, id]))
    expect(entries).toMatchObject([
      {
        action: 'case.import',
        entity: 'case',
        entityId: ids.get('CW-2026-0001'),
        changes: { reference: { from: null, to: 'CW-2026-0001' }, status: { from: null, to: 'open' } },
      },
      {
        action: 'case.import',
        entity: 'case',
        entityId: ids.get('CW-2026-0002'),
        changes: { resolution: { from: null, to: 'answered' } },
      },
    ])
    expect(JSON.stringify(entries)).not.toMatch(/Margaret|Second/)
    const events = await app.deps.store.read
      .select()
      .from(outboxEvents)
      .where(eq(outboxEvents.tenantId, council.tenant.id))
    expect(events).toEqual([])
  })

  test('are found, counted, followed and filed like any other', async () => {
    const twin = await createTwin(app, `fresh-${++fresh}`)
    const file = csv(
      'reference,summary,status,ward,category,archived,residentPostcode,createdAt',
      'CW-2026-0003,Zebra crossing,open,Ashley,Potholes,no,BS2 9YT,2026-03-01',
      'CW-2026-0002,Broken zebra,resolved,Ashley,,no,,2026-02-01',
      'CW-2026-0001,Old zebra,closed,,Potholes,yes,,2026-01-01',
    )
    await importFile(twin, file)
    const found = async (query: string) => (await call.list(query, twin)).body
    expect((await found('search=zebra')).cases).toHaveLength(2)
    expect((await found('search=zebra&archived=true')).cases).toMatchObject([{ reference: 'CW-2026-0001' }])
    expect((await found('search=CW-2026-0003')).cases).toMatchObject([{ summary: 'Zebra crossing' }])
    const totals = [
      '',
      'status=open',
      'status=resolved',
      `wardId=${twin.wards[0]}`,
      'archived=true',
      'status=closed',
    ]
    const counted: number[] = []
    for (const query of totals) counted.push((await found(query)).pagination.total)
    expect(counted).toEqual([2, 1, 1, 2, 1, 0])
    const { body: followed } = await call.send('GET', '/changes', twin)
    expect(followed.changes.map((change: Body) => [change.type, change.case.reference])).toEqual(
      [1, 2, 3].map((number) => ['upserted', `CW-2026-000${number}`]),
    )
    const { body: resident } = await call.send('POST', '/search-resident', twin, {
      body: { postcode: 'bs29yt' },
    })
    expect(resident.cases).toMatchObject([{ reference: 'CW-2026-0003', residentPostcode: 'BS2 9YT' }])
    expect(await failedChecks(app.deps)).toEqual({})
  })

  test('can be worked on', async () => {
    const council = await newCouncil()
    await importFile(council, csv('reference,summary,status', 'CW-2026-0009,A,closed'))
    const { status, body } = await call.patch(
      'CW-2026-0009',
      { status: 'in_progress', reason: 'Again' },
      council,
    )
    expect([status, body.status, body.reopenCount, body.closedAt]).toEqual([200, 'in_progress', 1, null])
  })

  test('tell of each once, and only say how many there would be where that is asked for', async () => {
    const council = await newCouncil()
    const records = parseFile(council, csv('summary', 'A', 'B', 'C'))
    const before = await contentOf(app)
    expect(await previewCases(council.ctx, records)).toEqual({ created: 3, updated: 0, unchanged: 0 })
    expect(await contentOf(app)).toEqual(before)
    const bad = parseFile(council, csv('summary,ward', 'A,Nowhere'))
    expect(await faultsOf(() => previewCases(council.ctx, bad))).toEqual([
      [2, expect.stringContaining('ward')],
    ])
    let told = 0
    await importCases(council.ctx, records, () => void told++)
    expect([told, await summariesOf(council)]).toEqual([3, ['C', 'B', 'A']])
  })

  test('come back all or none where the store refuses one', async () => {
    const council = await newCouncil()
    const before = await contentOf(app)
    const trigger = `BEFORE INSERT ON cases WHEN NEW.reference = 'CW-2026-0001'`
    const file = csv('reference,summary,residentName', 'CW-2026-0002,A,B', 'CW-2026-0001,C,D')
    await withTrigger(app, trigger, async () => expect(importFile(council, file)).rejects.toThrow())
    expect(await contentOf(app)).toEqual(before)
  })
})

describe('a council taken to another store', () => {
  let full: Twin
  let file: string
  beforeAll(async () => {
    full = await createTwin(app, 'full')
    await fillCouncil(app, full)
    file = await exportFile(full)
  })

  const columnOf = (text: string, heading: string) => {
    const [first = {}, ...rest] = parseFile(full, text).map(({ values, instants }) => ({
      ...values,
      ...instants,
    }))
    return [first, ...rest].map((row) => (row as Record<string, unknown>)[heading])
  }

  test('holds cases of every kind', () => {
    const kinds = (heading: string) =>
      new Set(columnOf(file, heading).filter((value) => value !== undefined)).size
    expect([kinds('status'), kinds('resolution'), kinds('pendingReason')]).toEqual([4, 9, 2])
    expect([kinds('publicState'), kinds('archived'), kinds('reopenCount')]).toEqual([3, 2, 2])
    expect(columnOf(file, 'summary')).toEqual(expect.arrayContaining([...awkwardTexts].map(asLine)))
    expect(columnOf(file, 'description')).toEqual(expect.arrayContaining([...awkwardTexts]))
    const made = columnOf(file, 'createdAt').map((instant) => (instant as Date).getTime())
    expect(made.filter((time) => time === made[20]).length).toBeGreaterThan(30)
    const references = columnOf(file, 'reference')
    const pairs = columnOf(file, 'duplicateOf').flatMap((original, place) =>
      original === undefined ? [] : [Math.sign(references.indexOf(original) - place)],
    )
    expect(new Set(pairs)).toEqual(new Set([-1, 1]))
  })

  test('is the same there, byte by byte, and in itself sound', async () => {
    const empty = await createTwin(app, `fresh-${++fresh}`)
    const { created } = await importFile(empty, file)
    expect(created).toBe(columnOf(file, 'reference').length)
    expect(await exportFile(empty)).toBe(file)
    expect(await failedChecks(app.deps)).toEqual({})
  })

  test('is the same there in the API’s own words, ids and versions apart', async () => {
    const empty = await createTwin(app, `fresh-${++fresh}`)
    await importFile(empty, file)
    const shown = async (council: Twin) => {
      const found = await all(council)
      const references = new Map(found.map(({ id, reference }) => [id, reference]))
      return found.map(({ id, version, wardId, categoryId, assigneeId, councillorId, ...rest }) => ({
        ...rest,
        duplicateOfId: rest.duplicateOfId && references.get(rest.duplicateOfId),
        ward: rest.ward?.name,
        category: rest.category?.name,
        assignee: rest.assignee?.role,
        isWithCouncillor: councillorId === council.councillor,
      }))
    }
    expect(await shown(empty)).toEqual(await shown(full))
  })

  test('is the same from a file whose rows stand the other way round, but for those of one instant', async () => {
    const empty = await createTwin(app, `fresh-${++fresh}`)
    const rows = parseFile(empty, file)
    await importCases(empty.ctx, rows.toReversed())
    const again = await exportFile(empty)
    const sorted = (text: string) =>
      parseFile(full, text)
        .map(({ line: _, ...record }) => JSON.stringify(record))
        .sort()
    expect(sorted(again)).toEqual(sorted(file))
    const times = (text: string) => columnOf(text, 'createdAt')
    expect(times(again)).toEqual(times(file))
    const third = await createTwin(app, `fresh-${++fresh}`)
    await importFile(third, again)
    expect(await exportFile(third)).toBe(again)
  })

  test('without residents is the same but for them', async () => {
    const empty = await createTwin(app, `fresh-${++fresh}`)
    const bare = await exportFile(full, false)
    expect(bare).not.toMatch(/Resident|Sian\.OBrien|BS2 9YT,,/i)
    await importFile(empty, bare)
    expect(await exportFile(empty, false)).toBe(bare)
    expect(await exportFile(empty)).not.toContain('OBrien')
  })

  test('by the API’s own export keeps its nine columns', async () => {
    const fetchFile = async ({ key }: Council) => (await app.send('GET', '/api/cases/export', { key })).text
    const empty = await createTwin(app, `fresh-${++fresh}`)
    const nine = await fetchFile(full)
    expect(nine).toStartWith('Reference,Status,Summary,Themes,Ward,Category,Source,Created At,Updated At\r\n')
    await importFile(empty, nine)
    expect(await fetchFile(empty)).toBe(nine)
  })

  test('is refused a second time, every row by its reference', async () => {
    const faults = await faultsOf(() => importFile(full, file))
    const references = columnOf(file, 'reference')
    expect(faults.map(([, reason]) => reason)).toEqual(
      references.map((reference) => `reference: There is already a case ${reference}`),
    )
  })

  test.each([
    ['close to a meridian', { latitude: 51.478, longitude: 1e-7 }],
    ['closer than any survey', { latitude: -1.234_567_890_123e-5, longitude: -9e-11 }],
  ])('keeps a place %s', async (_, location) => {
    const [one, two] = [await newCouncil(), await newCouncil()]
    await call.create({ location }, one)
    await importFile(two, await exportFile(one))
    expect((await only(two)).location).toMatchObject(location)
  })

  test('keeps whatever texts it holds', async () => {
    const text = (maxLength: number) =>
      fc
        .oneof(
          fc.string({ unit: 'grapheme', maxLength }),
          fc.string({ unit: 'binary', maxLength }),
          fc.string({
            unit: fc.constantFrom(
              "'",
              '"',
              '=',
              '-',
              '\t',
              '\r',
              '\n',
              ',',
              ';',
              '\\',
              ' ',
              '\uFEFF',
              '＠',
              'x',
              'ŷ',
            ),
            maxLength,
          }),
        )
        .filter(
          (value) =>
            /\S/.test(value) && value.length <= maxLength && !value.includes('\0') && value.isWellFormed(),
        )
    const line = (maxLength: number) =>
      text(maxLength)
        .map((value) => tidied(Text(maxLength), value) as string)
        .filter((value) => validate(Text(maxLength), value, 'body').length === 0)
    const row = fc.record({
      summary: line(200),
      description: fc.option(text(400)),
      themes: fc.array(line(50), { maxLength: 4 }),
    })
    const headings = ['summary', 'description', 'themes']
    const escaped = (theme: string) => theme.replace(/[\\;]/g, '\\$&')
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 8 }), async (rows) => {
        const [one, two] = [await newCouncil(), await newCouncil()]
        const cells = rows.map(({ summary, description, themes }) => [
          summary,
          description,
          themes.map(escaped).join('; '),
        ])
        await importFile(one, csvLines([headings, ...cells]))
        const shown = await all(one)
        expect(
          shown.map(({ summary, description, publicThemes }) => ({
            summary,
            description,
            themes: publicThemes,
          })),
        ).toEqual(rows.toReversed())
        const first = await exportFile(one)
        await importFile(two, first)
        expect(await exportFile(two)).toBe(first)
      }),
      { numRuns: 20 },
    )
  })
})
