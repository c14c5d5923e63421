import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { loadConfig } from '../../../src/config'
import type { Ctx } from '../../../src/core/ctx'
import { consoleCtx, createTenant } from '../../../src/core/tenants/service'
import { createStore } from '../../../src/db/sqlite/open'
import { createDeps } from '../../../src/deps'
import { systemClock } from '../../../src/lib/clock'
import { csvLines } from '../../../src/lib/csv'
import { unavailable } from '../../../src/lib/errors'
import type { CaseRecord } from '../../../src/resources/cases/files/fields'
import {
  importCases as importInSlices,
  previewCases,
} from '../../../src/resources/cases/files/import.service'
import { type Council, createCouncil, createTestApp, type TestApp, testActor } from '../../support/app'
import { tablesWith } from '../../support/beside'
import { createTestWards, idsOf } from '../../support/casework'
import { onSqlite } from '../../support/engine'
import { unlimited } from '../../support/http'
import { refusalOf, temporaryDirectories } from '../../support/store'
import { auditOf, type Body, caller } from './support'
import { exportFile, failedChecks, faultsOf, parseFile } from './transfer-support'

let app: TestApp
let call: ReturnType<typeof caller>

beforeAll(async () => {
  app = await createTestApp(unlimited)
  call = caller(app)
})
afterAll(() => app.close())

const newDirectory = temporaryDirectories()

let fresh = 0
async function newCouncil(): Promise<Council> {
  const council = await createCouncil(app, `fresh-${++fresh}`)
  await createTestWards(app, council, ['Ashley'])
  return council
}

const rows = 450

/** In slices of 200. */
const importCases = (ctx: Ctx, records: CaseRecord[], onRow = () => {}) =>
  importInSlices(ctx, records, onRow, { sliceRows: 200 })

/**
 * Three slices, the last rows first: with and without reference and time, and duplicates whose original is in another slice,
 * before and after them.
 */
const file = csvLines([
  ['Reference', 'Summary', 'Status', 'Resolution', 'Duplicate Of', 'Created At', 'Ward', 'Resident Name'],
  ...Array.from({ length: rows }, (_, i) => {
    const original = { 3: 'CW-2025-0447', 440: 'CW-2025-0009', 5: 'CW-2025-0007' }[i]
    return [
      i % 2 === 0 ? '' : `CW-2025-${String(i).padStart(4, '0')}`,
      `Case ${i}`,
      original ? 'closed' : 'open',
      original ? 'duplicate' : '',
      original ?? '',
      i % 3 === 0 ? '' : `2025-03-${String((i % 28) + 1).padStart(2, '0')}`,
      'Ashley',
      i % 5 === 0 ? 'Margaret Hughes' : '',
    ]
  }),
])

const recordsOf = (council: Council) => parseFile(council, file)

/** Stops after this many commits. */
const breakingAfter = ({ ctx }: Council, last: number): Council['ctx'] => {
  let commits = 0
  return {
    ...ctx,
    transact: (job) => {
      if (commits++ === last) return Promise.reject(unavailable('The disk is full'))
      return ctx.transact(job)
    },
  }
}

/** What a council holds of the file, in the order of its list and of its changes. */
async function stateOf(council: Council) {
  const changes: string[] = []
  let cursor = ''
  for (let hasMore = true; hasMore; ) {
    const { body } = await call.send('GET', `/changes?since=${cursor}`, council)
    changes.push(...body.changes.map((change: Body) => change.case?.summary))
    cursor = body.nextCursor
    hasMore = body.hasMore
  }
  const found = await call.list('search=case&pageSize=1&sort=createdAt', council)
  const audited = (await auditOf(app, council)).filter(({ action }) => action === 'case.import').length
  return { file: await exportFile(council), changes, found: found.body.pagination.total, audited }
}

describe('an import that breaks off', () => {
  test.each([1, 2])('after %i slices goes on with the same file, and ends as if it had not', async (last) => {
    const [whole, broken] = [await newCouncil(), await newCouncil()]
    await importCases(whole.ctx, recordsOf(whole))
    const fault = await refusalOf(() => importCases(breakingAfter(broken, last), recordsOf(broken)))
    expect([fault.kind, fault.message]).toEqual([
      'unavailable',
      `The disk is full. ${last * 200} of 450 cases are saved: import the same file again to go on`,
    ])
    expect((await call.list('', broken)).body.pagination.total).toBe(last * 200)
    expect(await failedChecks(app.deps)).toEqual({})

    const counts = { created: rows - last * 200, updated: 0, unchanged: last * 200 }
    expect(await previewCases(broken.ctx, recordsOf(broken))).toEqual(counts)
    const steps: number[] = []
    expect(await importCases(broken.ctx, recordsOf(broken), () => steps.push(1))).toEqual(counts)
    expect(steps).toHaveLength(rows)
    expect(await stateOf(broken)).toEqual(await stateOf(whole))
    // Remembered, as some of its cases have no names: the same file would make them twice.
    expect(await tablesWith(app, `import ${broken.tenant.id}`)).toEqual(['store_facts'])
    expect(await failedChecks(app.deps)).toEqual({})
  })

  test('lets others write meanwhile, whose references it does not take', async () => {
    const council = await newCouncil()
    const created: Promise<Body>[] = []
    let done = 0
    await importCases(council.ctx, recordsOf(council), () => {
      if (++done % 200 === 0) created.push(call.create({ summary: 'Meanwhile' }, council))
    })
    const made = await Promise.all(created)
    expect(made).toHaveLength(2)
    const changes = (await stateOf(council)).changes
    expect(changes.indexOf('Meanwhile')).toBeLessThan(rows)
    expect(changes).toHaveLength(rows + 2)
    expect(new Set(idsOf(made)).size).toBe(2)
    expect(await failedChecks(app.deps)).toEqual({})
  })

  test('does not begin where any line is faulty, and does not go on in two places at once', async () => {
    const council = await newCouncil()
    const faulty = file.replace('Case 449,open', 'Case 449,gone')
    const faults = await faultsOf(() => importCases(council.ctx, parseFile(council, faulty)))
    expect(faults.map(([line]) => line)).toEqual([451])
    expect((await call.list('', council)).body.pagination.total).toBe(0)
    const both = await Promise.allSettled([1, 2].map(() => importCases(council.ctx, recordsOf(council))))
    const ended = both.map((one) => (one.status === 'fulfilled' ? one.value.created : one.reason.message))
    expect(ended.sort()).toEqual([rows, 'The same file is being imported by another command'])
    expect((await call.list('', council)).body.pagination.total).toBe(rows)
    expect(await failedChecks(app.deps)).toEqual({})
  })

  test('says which reference was taken since the file was checked, and goes on once it is free', async () => {
    const council = await newCouncil()
    const own = csvLines([
      ['Reference', 'Summary'],
      ['CW-2025-0003', 'Taken'],
    ])
    let isFirst = true
    const work = importCases(
      {
        ...council.ctx,
        transact: async (job) => {
          const result = await council.ctx.transact(job)
          if (isFirst) {
            isFirst = false
            await importCases(council.ctx, parseFile(council, own))
          }
          return result
        },
      },
      recordsOf(council),
    )
    expect((await refusalOf(() => work)).message).toBe(
      'There is now a case CW-2025-0003. 400 of 450 cases are saved: import the same file again to go on',
    )
    expect(await failedChecks(app.deps)).toEqual({})
  })
})

test.if(onSqlite)('an import that is killed goes on where it stopped', async () => {
  const directory = newDirectory()
  createStore(directory, systemClock)
  const open = () => createDeps(loadConfig({ REEVE_DATA: directory, REEVE_LOG_LEVEL: 'error' }))
  const deps = await open()
  await createTenant(deps, testActor, { slug: 'avon', name: 'Avon' })
  await deps.store.close()
  const path = join(directory, 'cases.csv')
  await Bun.write(path, file.replaceAll('Ashley', ''))
  const run = async (last: string) => {
    const command = [process.execPath, join(import.meta.dir, 'killed-import.ts'), directory, path, last]
    const child = Bun.spawn(command, { stdout: 'pipe', stderr: 'inherit' })
    return [await child.exited, await new Response(child.stdout).text()]
  }
  // 128 and the number of SIGKILL.
  expect(await run('1')).toEqual([137, ''])
  expect(await run('1')).toEqual([137, ''])
  expect(await run('')).toEqual([0, '{"created":50,"updated":0,"unchanged":400}\n'])
  const after = await open()
  try {
    expect(await failedChecks(after)).toEqual({})
    const ctx = await consoleCtx(after, 'avon', testActor)
    const all = parseFile(
      { ctx, tenant: ctx.tenant, key: '' },
      await exportFile({ ctx, tenant: ctx.tenant, key: '' }),
    )
    const summaries = all.map(({ values }) => values.summary)
    expect(new Set(summaries).size).toBe(rows)
    expect(summaries).toHaveLength(rows)
  } finally {
    await after.store.close()
  }
})
