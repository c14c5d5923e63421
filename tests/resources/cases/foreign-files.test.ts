import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createCouncil, createTestApp, type TestApp } from '../../support/app'
import { createTestWards } from '../../support/casework'
import { unlimited } from '../../support/http'
import { caller } from './support'
import { exportFile, failedChecks, faultsOf, importFile } from './transfer-support'

let app: TestApp
let call: ReturnType<typeof caller>

beforeAll(async () => {
  app = await createTestApp(unlimited)
  call = caller(app)
})
afterAll(() => app.close())

let fresh = 0
const newCouncil = () => createCouncil(app, `foreign-${++fresh}`)
const csv = (...lines: string[]) => `${lines.join('\r\n')}\r\n`
const words = (reason: string) => expect.stringContaining(reason)

/** The council’s cases by reference. */
async function casesOf(council: Awaited<ReturnType<typeof newCouncil>>) {
  const { body } = await call.list('pageSize=100&sort=reference', council)
  return body.cases
}

describe('a case that cannot have been so is refused by its line', () => {
  test('over before it was received', async () => {
    const file = csv(
      'summary,status,receivedAt,acknowledgedAt,resolvedAt,closedAt',
      'A,closed,2026-03-10,,,2026-03-09',
      'B,resolved,2026-03-10,,2026-03-09,',
      'C,open,2026-03-10 10:00,2026-03-10 09:59,,',
      'D,closed,2026-03-01,,2026-03-10,2026-03-09',
      'E,closed,,,,2026-03-09',
    )
    const council = await newCouncil()
    expect(await faultsOf(() => importFile(council, file))).toEqual([
      [2, 'closedAt: Must not lie before receivedAt'],
      [3, 'resolvedAt: Must not lie before receivedAt'],
      [4, 'acknowledgedAt: Must not lie before receivedAt'],
      [5, 'closedAt: Must not lie before resolvedAt'],
      [6, 'closedAt: Must not lie before the case is received: give receivedAt or createdAt too'],
    ])
  })

  test('but not for a date alone, which is no earlier on the same day', async () => {
    const council = await newCouncil()
    const file = csv('summary,status,receivedAt,closedAt', 'A,closed,10/03/2026 14:30,10/03/2026')
    await importFile(council, file)
    expect((await casesOf(council))[0]).toMatchObject({
      receivedAt: '2026-03-10T14:30:00.000Z',
      closedAt: '2026-03-10T14:30:00.000Z',
    })
  })
})

describe('a file from another system', () => {
  test('comes in with its words and times as people write them', async () => {
    const council = await newCouncil()
    await createTestWards(app, council, ['St Mary’s'])
    const file = csv(
      'Summary;STATUS;Source;Type;Ward;Created At;Closed At;Archived;Resolution',
      'A;Closed;E-mail;Service request;st marys;2025-07-01T10:00:00;13-Jul-25;No;Answered',
      ';;;;;;;;',
      "B;In progress;Phone;Complaint;ST MARY'S;13/07/2025 9:30pm;;FALSE;",
    )
    await importFile(council, file)
    expect(await casesOf(council)).toMatchObject([
      {
        status: 'closed',
        sourceChannel: 'email',
        type: 'service_request',
        ward: { name: 'St Mary’s' },
        createdAt: '2025-07-01T09:00:00.000Z',
        closedAt: '2025-07-12T23:00:00.000Z',
      },
      { status: 'in_progress', ward: { name: 'St Mary’s' }, createdAt: '2025-07-13T20:30:00.000Z' },
    ])
  })

  test('keeps the old reference as the internal one, is known by it again, and links duplicates by it', async () => {
    const council = await newCouncil()
    const file = csv(
      'reference,summary,status,resolution,duplicateOf,createdAt',
      'FS-Case-12345,A,open,,,2026-01-01',
      '901,B,closed,duplicate,FS-Case-12345,2026-01-02',
      'cw-2026-0070,C,open,,,2026-01-03',
    )
    await importFile(council, file)
    const cases = await casesOf(council)
    expect(cases).toMatchObject([
      { reference: 'CW-2026-0070', internalRef: null, summary: 'C' },
      { reference: 'CW-2026-0071', internalRef: 'FS-Case-12345', summary: 'A' },
      { reference: 'CW-2026-0072', internalRef: '901', duplicateOfId: cases[1].id },
    ])
    const again = csv('reference,summary', 'FS-Case-12345,A', '901,B')
    expect(await importFile(council, again)).toEqual({ created: 0, updated: 0, unchanged: 2 })
    const late = csv(
      'reference,summary,status,resolution,duplicateOf,createdAt,receivedAt',
      '902,D,closed,duplicate,901,2026-01-04,',
    )
    await importFile(council, late)
    expect((await casesOf(council)).at(-1)).toMatchObject({ internalRef: '902', duplicateOfId: cases[2].id })
    expect(await failedChecks(app.deps)).toEqual({})
  })

  test('is refused where the old reference has no place, or leads nowhere', async () => {
    const council = await newCouncil()
    const file = csv(
      'reference,internalRef,summary,status,resolution,duplicateOf',
      '901,X,A,open,,',
      '902,,B,closed,duplicate,999',
      '903,,C,closed,duplicate,904',
      '904,,D,closed,duplicate,903',
    )
    expect(await faultsOf(() => importFile(council, file))).toEqual([
      [2, words('reference: Must be one of ours, such as CW-2026-0042')],
      [3, words('duplicateOf: There is no case 999')],
      [4, words('duplicateOf: A case cannot be a duplicate of itself')],
      [5, words('duplicateOf: A case cannot be a duplicate of itself')],
    ])
  })

  test.each([
    ['the oldest first', ['A,2026-01-01', 'B,2026-01-02', 'C,2026-01-03'], ['A', 'B', 'C']],
    ['the newest first', ['A,2026-01-03', 'B,2026-01-02', 'C,2026-01-01'], ['C', 'B', 'A']],
    ['in no order', ['A,2026-01-02', 'B,2026-01-03', 'C,2026-01-01'], ['C', 'A', 'B']],
    ['no times', ['A,', 'B,', 'C,'], ['A', 'B', 'C']],
  ])('with %s gives the lowest number to the oldest, or to the first line', async (_, lines, order) => {
    const council = await newCouncil()
    await importFile(council, csv('summary,createdAt', ...lines))
    expect((await casesOf(council)).map(({ summary }: { summary: string }) => summary)).toEqual(order)
  })
})

test.each(['local', 'utc'] as const)('times written as %s come back as the same moments', async (times) => {
  const [one, two] = [await newCouncil(), await newCouncil()]
  const moments = [
    '2025-07-01T09:30:00.000Z',
    '2025-10-26T00:30:00.000Z',
    '2025-10-26T01:30:00.000Z',
    '2025-10-26T01:30:12.345Z',
    '2026-01-05T23:59:59.000Z',
  ]
  await importFile(one, csv('summary,createdAt', ...moments.map((moment, i) => `Case ${i},${moment}`)))
  const file = await exportFile(one, false, times)
  expect(file.startsWith('\uFEFF')).toBe(times === 'local')
  await importFile(two, file)
  expect((await casesOf(two)).map(({ createdAt }: { createdAt: string }) => createdAt)).toEqual(moments)
})
