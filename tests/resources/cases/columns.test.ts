import { describe, expect, test } from 'bun:test'
import { getTableColumns } from 'drizzle-orm'
import { countsOf, endingsAfter } from '../../../src/resources/cases/derived/figures'
import {
  auditedValues,
  caseFields,
  countedFields,
  everyField,
  type FieldName,
  initialValues,
  publishedFields,
  sentFields,
} from '../../../src/resources/cases/fields'
import { allFields, RecordValues, transferFields } from '../../../src/resources/cases/files/fields'
import { CaseCreate, CasePatch } from '../../../src/resources/cases/input'
import { type CaseWithNames, toView } from '../../../src/resources/cases/model'
import { toPublicView } from '../../../src/resources/cases/public/model'
import { residentFields } from '../../../src/resources/cases/residents/model'
import { type CaseRow, cases } from '../../../src/resources/cases/table'

const columns = getTableColumns(cases)
const names = Object.keys(columns) as FieldName[]
const now = new Date('2026-06-01T12:00:00Z')

const on = (day: number) => new Date(Date.UTC(2026, 2, day))

/** Two values for columns whose first and second enum value would not tell them apart. */
const telling: { [Name in FieldName]?: readonly [CaseRow[Name], CaseRow[Name]] } = {
  status: ['closed', 'open'],
  resolution: ['fixed', 'duplicate'],
  publicState: ['approved', 'withdrawn'],
  receivedAt: [on(1), on(2)],
  resolvedAt: [on(3), on(4)],
  closedAt: [on(5), on(6)],
  priority: ['low', 'urgent'],
}

function sampleOf(name: FieldName, which: 0 | 1): unknown {
  const { dataType, enumValues } = columns[name]
  if (telling[name]) return telling[name][which]
  if (enumValues) return enumValues[which]
  if (dataType === 'boolean') return which === 1
  if (dataType === 'number') return which + 1
  if (dataType === 'date') return on(20 + which)
  return dataType === 'json' ? [`theme ${which}`] : `${name} ${which}`
}

const base = Object.fromEntries(names.map((name) => [name, sampleOf(name, 0)])) as CaseRow
const withNames = (row: CaseRow): CaseWithNames => ({
  case: row,
  ward: { id: `${row.wardId}`, name: `Ward ${row.wardId}` },
  category: { id: `${row.categoryId}`, name: `Category ${row.categoryId}`, visibility: 'public' },
  assignee: { id: `${row.assigneeId}`, name: `${row.assigneeId}`, role: 'caseworker' },
})

/** The columns whose value makes a difference to what is derived from a row. */
const columnsThatChange = (derive: (row: CaseRow) => unknown): string[] =>
  names.filter((name) => !Bun.deepEquals(derive(base), derive({ ...base, [name]: sampleOf(name, 1) }))).sort()

const cellsOf = (row: CaseRow) =>
  Object.fromEntries(
    Object.values(transferFields).map(({ heading, cell }) => [
      heading,
      cell({
        view: toView(withNames(row), now),
        assignee: row.assigneeId,
        councillor: row.councillorId,
        duplicateOf: row.duplicateOfId,
      }),
    ]),
  )

/** What the council itself says about a case, unlike what Reeve keeps or works out. */
const given = everyField.filter(([, { setBy }]) => setBy === 'input' || setBy === 'reader')

describe('the catalogue of a case’s columns', () => {
  test('names every column of the table and nothing else', () => {
    expect(Object.keys(caseFields).sort()).toEqual([...names].sort())
  })

  test('says which fields of the API are written as they are sent', () => {
    const readOrMoved = [
      'location',
      'followUpAt',
      'receivedAt',
      'status',
      'resolution',
      'reason',
      'duplicateOfId',
      'pending',
      'confirmPersonalData',
    ]
    const inApi = Object.keys({ ...CaseCreate.properties, ...CasePatch.properties })
    expect([...sentFields, ...readOrMoved, ...residentFields].sort()).toEqual(inApi.sort())
    expect(sentFields.filter((name) => !(name in CasePatch.properties))).toEqual([])
  })

  test('has an initial value for every sent column that may not be null, but for the required summary', () => {
    const needed = sentFields.filter((name) => columns[name].notNull && name !== 'summary')
    expect(Object.keys(initialValues).sort()).toEqual([...needed].sort())
  })

  test('lets only what names nobody’s trouble stand in the audit log', () => {
    const isFreeText = (name: FieldName) =>
      (columns[name].columnType === 'SQLiteText' && !columns[name].enumValues && !/Id$/.test(name)) ||
      columns[name].dataType === 'json'
    const texts = names.filter((name) => isFreeText(name) && auditedValues.includes(name))
    expect(texts).toEqual(['reference'])
    const places = ['latitude', 'longitude', 'address', 'postcode', 'uprn']
    expect(places.filter((name) => auditedValues.includes(name))).toEqual([])
  })

  test('holds everything that the public reads of a case, apart from facts that nobody words', () => {
    const facts = [
      'reference',
      'status',
      'resolution',
      'wardId',
      'categoryId',
      'latitude',
      'longitude',
      'createdAt',
      'updatedAt',
      'resolvedAt',
    ]
    const read = columnsThatChange((row) => toPublicView(withNames(row)))
    expect([...read, 'publicState'].sort()).toEqual([...facts, ...publishedFields].sort())
  })

  test('holds everything that figures are made of, apart from times that move with the status', () => {
    const counted = columnsThatChange((row) =>
      countsOf(row, endingsAfter([], null, row, now), 'Europe/London'),
    )
    expect(counted).toEqual([...countedFields, 'receivedAt', 'resolvedAt'].sort())
  })
})

describe('what a council says about a case', () => {
  test('shows in its answer', () => {
    const shown = columnsThatChange((row) => toView(withNames(row), now))
    expect(given.filter(([name]) => !shown.includes(name)).map(([name]) => name)).toEqual([])
  })

  test.each(given.map(([name, { heading }]) => [name, heading]))(
    '%s fills its own cell of an export, and that one alone',
    (name, heading) => {
      const [before, after] = [cellsOf(base), cellsOf({ ...base, [name]: sampleOf(name, 1) })]
      const changed = Object.keys(before).filter((one) => before[one] !== after[one])
      expect(changed).toEqual([heading ?? '(no heading)'])
    },
  )

  test('is read back from a file, each cell under a schema', () => {
    const cells = Object.keys(allFields).filter(
      (name) => allFields[name as keyof typeof allFields].kind !== 'instant',
    )
    expect(Object.keys(RecordValues.properties)).toEqual(cells)
    expect(Object.values(RecordValues.properties).filter((schema) => !schema)).toEqual([])
  })
})
