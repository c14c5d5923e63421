import type { Static } from '@sinclair/typebox'
import type { Change } from '../../core/change'
import type { Ctx, Writer } from '../../core/ctx'
import {
  type Export,
  type FileRecord,
  faultsOfTwins,
  type Import,
  readRecords,
  recordFormats,
  writeRecords,
} from '../../core/transfer'
import { countPlanned, type Planned, savePlanned } from '../../core/transfer.service'
import { listUsers } from '../../core/users/store'
import { recordFirst } from '../../core/write'
import type { CursorValue } from '../../lib/cursor'
import type { Issue } from '../../lib/errors'
import { derivedId } from '../../lib/id'
import { badFile, type RowFault } from '../../lib/import-file'
import { finder } from '../../lib/named'
import { wardFinder, wardReferences } from '../wards/model'
import { listAllWards } from '../wards/store'
import { type EventPatch, eventMoves, isPublic } from './model'
import { type EventRecord, eventShape } from './record'
import { blankEvent, changeOf, rowWith, saveEvent } from './service'
import { getEvents, insertEvent, listEvents } from './store'
import type { EventRow } from './table'

type Fields = Static<typeof EventRecord>
type Input = FileRecord<typeof EventRecord>

const partRows = 200

export const eventExport: Export = {
  name: 'events',
  formats: recordFormats,
  write: (ctx, format) => writeRecords(format, eventShape, exported(ctx)),
}

/** By start, then by title. The export is recorded first. */
async function* exported(ctx: Ctx): AsyncGenerator<Fields[]> {
  await recordFirst(ctx, 'event.export', [{ entity: 'event', id: 'export' }])
  const wards = wardReferences(await listAllWards(ctx))
  const emails = new Map((await listUsers(ctx)).map(({ id, email }) => [id, email]))
  let after: readonly CursorValue[] | null = null
  let held: EventRow[] = []
  do {
    const { rows, next } = await listEvents(ctx, {}, { kind: 'cursor', pageSize: partRows, after })
    const [ready, rest] = next === null ? [[...held, ...rows], []] : withoutLast([...held, ...rows])
    held = rest
    after = next
    yield ready.sort(byStartAndTitle).map((row) => recordOf(row, wards, emails))
  } while (after !== null)
}

/** More events may begin at the same moment as the last of a part. */
function withoutLast(rows: readonly EventRow[]): [EventRow[], EventRow[]] {
  const last = rows.at(-1)?.startAt.getTime()
  const { yes = [], no = [] } = Object.groupBy(rows, ({ startAt }) =>
    startAt.getTime() === last ? 'yes' : 'no',
  )
  return [no, yes]
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const byStartAndTitle = (a: EventRow, b: EventRow) =>
  a.startAt.getTime() - b.startAt.getTime() || compare(a.title, b.title) || compare(a.id, b.id)

type Names = ReadonlyMap<string, string>

const recordOf = (row: EventRow, wards: Names, emails: Names): Fields => ({
  id: row.id,
  title: row.title,
  summary: row.summary,
  body: row.body,
  type: row.type,
  startAt: row.startAt.toISOString(),
  endAt: row.endAt?.toISOString() ?? null,
  allDay: row.allDay,
  timezone: row.timezone as NonNullable<Fields['timezone']>,
  venueName: row.venueName,
  venueAddress: row.venueAddress,
  latitude: row.latitude,
  longitude: row.longitude,
  onlineUrl: row.onlineUrl,
  wards: row.wardIds.map((id) => wards.get(id) ?? id),
  organiser: row.organiserId === null ? null : (emails.get(row.organiserId) ?? null),
  bookingUrl: row.bookingUrl,
  status: row.status,
})

/** The ids that an event may have here: the file’s, or one calculated from the file, so that the same file finds it again. */
const idsOf = ({ tenantId }: Ctx, { id, title = '', startAt = '' }: Input['values']): string[] =>
  id === undefined ? [derivedId(tenantId, title, startAt)] : [id, derivedId(tenantId, id)]

async function planEvents(ctx: Ctx, records: readonly Input[]): Promise<Planned<EventRow>[]> {
  const existing = await getEvents(
    ctx,
    records.flatMap(({ values }) => idsOf(ctx, values)),
  )
  const findWard = wardFinder(await listAllWards(ctx))
  const findUser = finder('user', await listUsers(ctx), ({ email }) => [[email]])
  const keyed = records.map(({ place, values: { id, title, startAt } }) => ({
    place,
    key: id ?? `${title}, ${startAt}`,
  }))
  const faults: RowFault[] = faultsOfTwins(keyed)
  const planned: Planned<EventRow>[] = []
  for (const { place, values } of records) {
    const fault = (reason: string) => void faults.push({ ...place, reason })
    const ids = idsOf(ctx, values)
    const before = ids.map((id) => existing.get(id)).find((row) => row !== undefined)
    const { wards, organiser, status = before?.status ?? 'pending', id: _, ...rest } = values
    const base = before ?? blankEvent(ctx, { id: ids.at(-1) as string, title: values.title ?? '', status })
    const named = {
      ...base,
      ...(wards && { wardIds: wards.flatMap((name) => findWard(name, fault)?.id ?? []) }),
      ...(organiser !== undefined && { organiserId: organiser && (findUser(organiser, fault)?.id ?? null) }),
    }
    const { after, issues } = await rowWith(ctx, named, patchOf(rest))
    for (const { path, message } of [...issues, ...moveIssues(before, status)]) fault(`${path}: ${message}`)
    planned.push({ before, wanted: { ...after, status } })
  }
  if (faults.length > 0) throw badFile(faults)
  return planned
}

type Plain = Omit<Partial<Fields>, 'id' | 'wards' | 'organiser' | 'status'>

function patchOf({ venueName, venueAddress, latitude, longitude, ...rest }: Plain): EventPatch {
  const venue = Object.entries({ name: venueName, address: venueAddress, latitude, longitude })
  const given = venue.filter(([, value]) => value !== undefined)
  return { ...rest, ...(given.length > 0 && { venue: Object.fromEntries(given) }) }
}

/** A new event may have any status, because it passed through the others elsewhere. */
function moveIssues(
  before: EventRow | undefined,
  status: EventRow['status'],
): Pick<Issue, 'path' | 'message'>[] {
  if (!before || before.status === status || eventMoves[before.status].includes(status)) return []
  return [{ path: 'status', message: `An event cannot go from ${before.status} to ${status}` }]
}

async function saveOne(w: Writer, { before, wanted }: Planned<EventRow>): Promise<readonly Change[]> {
  if (before) return (await saveEvent(w, before, { ...before, ...wanted })).changes
  const isShown = isPublic(wanted.status)
  const row = await insertEvent(w, { ...wanted, publishedAt: isShown ? w.clock.now() : null })
  return [changeOf(null, row, isShown && row.status !== 'cancelled' ? ['event_published'] : [])]
}

/** Announces what the import publishes, changes or cancels, as the dashboard would. */
export const eventImport: Import<Input> = {
  name: 'events',
  description:
    'CSV or JSON as written by `reeve export events`. Import wards and users first. What it makes public is sent to webhooks',
  parse: (bytes, _, options) => ({ inputs: readRecords(bytes, eventShape, options) }),
  preview: async (ctx, records) => countPlanned(await planEvents(ctx, records)),
  save: (ctx, records, onRow) =>
    savePlanned(ctx, 'event.import', (w) => planEvents(w, records), saveOne, onRow),
}
