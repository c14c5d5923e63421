import { expect } from 'bun:test'
import { verifyChain } from '../../../src/core/audit/store'
import type { Ctx, Secrets } from '../../../src/core/ctx'
import { formatted, type TimesForm } from '../../../src/core/files'
import type { Role } from '../../../src/core/scopes'
import { setTargets } from '../../../src/core/tenants/service'
import { listTenants } from '../../../src/core/tenants/store'
import type { ImportCounts } from '../../../src/core/upsert'
import { insertUser } from '../../../src/core/users/store'
import { write } from '../../../src/core/write'
import type { Snapshot, Store } from '../../../src/db/store'
import type { AppError } from '../../../src/lib/errors'
import { caseChecks } from '../../../src/resources/cases/derived/check.store'
import { residentTransferFields, transferFields } from '../../../src/resources/cases/files/fields'
import { importCases } from '../../../src/resources/cases/files/import.service'
import { parseCases } from '../../../src/resources/cases/files/parse'
import { transferCases } from '../../../src/resources/cases/files/transfer.service'
import { resolutions, sourceChannels } from '../../../src/resources/cases/table'
import { type Council, createCouncil, type TestApp } from '../../support/app'
import { bytes, createTestWards } from '../../support/casework'
import { atInstant } from '../../support/http'
import { type Body, caller, createCategories } from './support'

type File = string | Uint8Array

export const parseFile = ({ ctx }: Council, file: File, map: readonly string[] = []) =>
  parseCases(typeof file === 'string' ? bytes(file) : file, ctx.tenant.timezone, { map })

/** Imports a file as the command line does. */
export const importFile = async (
  council: Council,
  file: File,
  map: readonly string[] = [],
): Promise<ImportCounts> => importCases(council.ctx, parseFile(council, file, map))

/** The council's cases as the command line exports them: archived ones last. */
export async function exportFile(
  { ctx }: Council,
  withResidents = true,
  times: TimesForm = 'local',
): Promise<string> {
  const asked: Ctx = withResidents ? { ...ctx, scopes: new Set(['residents:read'] as const) } : ctx
  async function* parts() {
    for (const archived of [false, true]) yield* transferCases(asked, { archived }, { withResidents })
  }
  const fields = { ...transferFields, ...(withResidents ? residentTransferFields : {}) }
  const texts: string[] = []
  const shape = { list: 'cases', columns: Object.values(fields) }
  const form = { times, timeZone: ctx.tenant.timezone, isExact: true }
  for await (const text of formatted('csv', shape, parts(), form)) texts.push(text)
  return texts.join('')
}

export type Fault = [line: number, reason: string]

/** The lines that a refused file names, with their reasons. */
export async function faultsOf(work: () => unknown): Promise<Fault[]> {
  let result: unknown
  try {
    result = await work()
  } catch (error) {
    const { kind, details, message } = error as AppError
    expect([message, kind]).toEqual([message, 'bad_request'])
    return (details.rows as { line: number; reason: string }[]).map(({ line, reason }) => [line, reason])
  }
  throw new Error(`The file was not refused: ${JSON.stringify(result)}`)
}

export type Twin = Council & {
  wards: string[]
  categories: Record<string, string>
  worker: string
  councillor: string
}

/** A user who cannot sign in: a password takes long to hash, and none is needed here. */
const addUser = ({ ctx }: Council, role: Role): Promise<string> =>
  write(ctx, 'user.create', async (w) => {
    const [id, now] = [w.newId(), w.clock.now()]
    const values = { id, tenantId: w.tenantId, email: `${role}@council.example`, name: `The ${role}`, role }
    await insertUser(
      w,
      { ...values, passwordHash: '', mustChangePassword: false, createdAt: now, updatedAt: now },
      [],
    )
    return { changes: [{ entity: 'user', id, before: null, after: { role }, safe: ['role'] }], result: id }
  })

/** An empty council with the wards, categories and users that `fillCouncil` refers to. */
export async function createTwin(app: TestApp, slug: string): Promise<Twin> {
  const council = await createCouncil(app, slug)
  return {
    ...council,
    wards: await createTestWards(app, council, ['Ashley', 'Y Mynydd Bychan; Gogledd']),
    categories: await createCategories(app, council, [
      'Potholes,3,working',
      'Sŵn,20,calendar',
      'Other,,working',
    ]),
    worker: await addUser(council, 'caseworker'),
    councillor: await addUser(council, 'councillor'),
  }
}

/** Texts that a file could lose or change on their way. */
/** How a text is kept where there is one line for it. */
export const asLine = (text: string): string => text.replace(/[\t\r\n]+/g, ' ').replaceAll('\uFEFF', '')

export const awkwardTexts = [
  '=1+1',
  '-2',
  '+44',
  '@x',
  "'=x",
  "''@y",
  "'tis",
  '\t=tabbed\ttwice',
  '\n=broken',
  '\r\nfirst line empty',
  'a "quoted" word',
  '"',
  'one, two; three',
  'line\nfeed',
  'carriage\rreturn',
  'both\r\nends\r\n',
  '  two spaces before',
  'two after  ',
  'Tŷ Hafan, Llanfairpwllgwyngyll: ŵ â î',
  '🕳️ pothole 👩🏽‍🔧',
  '\uFEFFmark',
  'true',
  '0012',
  'back\\slash\\',
] as const

const resident = {
  residentName: 'Siân "Sal" O’Brien, Mrs',
  residentEmail: 'Sian.OBrien@example.org',
  residentPhone: '+44 117 496 0123',
  residentAddress: '=1 Mina Road\r\nBristol',
  residentPostcode: 'bs2 9yt',
  residentMessage: '=Please, "help"; mould\r\nagain',
}

const day = 86_400_000

/** Gives the council cases of every kind: most of them made in one and the same millisecond. */
export async function fillCouncil(app: TestApp, council: Twin): Promise<void> {
  const { create, change } = caller(app)
  const make = (input: Record<string, unknown> = {}) => create(input, council)
  const move = (one: Body, body: Record<string, unknown>) => change(one.id, body, council)
  const { wards, categories, worker, councillor } = council
  await atInstant(app, '2025-12-31T23:59:59.999Z', async () => {
    await make({ summary: 'Last of the old year' })
    const late = await make({ summary: 'Missed', categoryId: categories.Potholes })
    await move(late, { status: 'in_progress' })
  })
  await atInstant(app, '2025-06-30T23:30:00.001Z', () =>
    make({ summary: 'In summer', receivedAt: '2025-06-01' }),
  )
  for (const text of awkwardTexts) {
    await make({
      summary: text,
      description: text,
      publicSummary: text,
      publicThemes: [text, 'a; b', '\\', ' c'],
      internalRef: text,
      location: { address: text },
      residentName: text,
    })
  }
  const everyField = await make({
    summary: 'Every field',
    type: 'complaint',
    priority: 'urgent',
    sourceChannel: 'surgery',
    wardId: wards[1],
    categoryId: categories.Sŵn,
    assigneeId: worker,
    councillorId: councillor,
    location: {
      latitude: -51.450_123_456_789,
      longitude: -2.5,
      address: '1 Mina Road',
      postcode: 'BS2 9YT',
      uprn: '000123456789',
    },
    followUpAt: '2027-01-31',
    highlightedForPublic: true,
    publicThemes: ['roads', 'safety'],
    publicSummary: 'A hole in the road',
    ...resident,
  })
  await move(everyField, { publicState: 'approved' })
  await make({
    summary: 'Nowhere',
    location: { latitude: 0, longitude: 179.999_999_9 },
    ...resident,
    residentName: null,
  })
  for (const reason of ['awaiting_constituent', 'scheduled'] as const) {
    const waiting = await make({ summary: reason, wardId: wards[0], categoryId: categories.Potholes })
    await move(waiting, {
      status: 'in_progress',
      pending: { reason, until: reason === 'scheduled' ? '2026-12-01' : null },
    })
  }
  for (const [place, resolution] of resolutions.entries()) {
    if (resolution === 'duplicate') continue
    const done = await make({
      summary: resolution,
      wardId: wards[place % 2],
      sourceChannel: sourceChannels[place % 8],
    })
    await move(done, { status: 'resolved', resolution })
    if (place % 2) await move(done, { status: 'closed' })
  }
  const straight = await make({ summary: 'Closed at once', priority: 'low' })
  await move(straight, { status: 'closed', resolution: 'no_further_action' })
  const early = await make({ summary: 'Copy before' })
  const original = await make()
  app.clock.advance(1)
  const late = await make({ summary: 'Copy after' })
  for (const copy of [early, late]) {
    await move(copy, { status: 'resolved', resolution: 'duplicate', duplicateOfId: original.id })
  }
  const again = await make({ summary: 'Taken up again', publicSummary: 'Withdrawn' })
  app.clock.advance(day)
  await move(again, { status: 'resolved', resolution: 'answered' })
  await move(again, { status: 'in_progress', reason: 'Not so', pending: { reason: 'investigating' } })
  await move(again, { publicState: 'approved' })
  app.clock.advance(4 * day)
  await move(again, { pending: null, publicState: 'withdrawn' })
  const archived = await make({ summary: 'Archived', ...resident })
  await make({ summary: 'Without target', wardId: wards[0] })
  for (const one of [archived, straight, early]) await move(one, { archived: true })
  await setTargets(council.ctx, { targetDays: null })
  await make({ summary: 'Never due' })
}

const checks: Record<string, (snapshot: Snapshot, secrets: Secrets) => string[] | Promise<string[]>> = {
  'integrity of the file': (snapshot) => snapshot.integrityFaults(),
  'foreign keys': (snapshot) => snapshot.foreignKeyFaults(),
  ...Object.fromEntries(caseChecks.map(({ name, find }) => [name, find])),
  'audit chain': async ({ db }, secrets) => {
    const faults: string[] = []
    for (const { id, slug } of await listTenants(db)) {
      const { firstBroken } = await verifyChain(db, secrets, id)
      if (firstBroken !== null) faults.push(`${slug} ${firstBroken}`)
    }
    return faults
  },
}

/** The checks that fail on the store in this file, with what they say. */
export const failedChecks = ({
  store,
  secrets,
}: {
  store: Pick<Store, 'snapshot'>
  secrets: Secrets
}): Promise<Record<string, string[]>> =>
  store.snapshot(async (snapshot) => {
    const failed: Record<string, string[]> = {}
    for (const [name, find] of Object.entries(checks)) {
      const faults = await find(snapshot, secrets)
      if (faults.length > 0) failed[name] = faults
    }
    return failed
  })
