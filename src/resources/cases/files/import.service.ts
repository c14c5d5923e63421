import type { Change } from '../../../core/change'
import type { Ctx, Writer } from '../../../core/ctx'
import type { ImportCounts } from '../../../core/upsert'
import { write } from '../../../core/write'
import { AppError, conflict } from '../../../lib/errors'
import { seededIds } from '../../../lib/id'
import { seededRandom } from '../../../lib/random'
import { inSlices } from '../../../lib/slices'
import { localYear } from '../../../lib/time'
import { keepFiguresTogether } from '../derived/figures.store'
import { auditedValues } from '../fields'
import { isNobody } from '../residents/model'
import { insertResident } from '../residents/store'
import { formatReference, partsOf } from '../rules/reference'
import { insertCase, takeReferenceNumbers } from '../store'
import { changeAgain, rehearse, saysMore } from './again.service'
import { type CaseRecord, referenceForm } from './fields'
import { getIdsByReference, linkDuplicate, moveSequenceOn } from './import.store'
import { newestFirst } from './order'
import { namesOf, type Planned, planImport } from './plan.service'
import { keepProgress, type Progress, progressOf } from './progress.store'
import { createdAtOf, residentOf, rowOf } from './row'

/** Saved in a tenth of a second or two. */
const usualRows = 400

export type ImportOptions = {
  /** Makes the cases of a file once more that was imported already, and whose cases have no names to find them by. */
  isRepeated?: boolean
  /** So many are saved together. */
  sliceRows?: number
}

export async function previewCases(
  ctx: Ctx,
  file: readonly CaseRecord[],
  { isRepeated = false }: ImportOptions = {},
): Promise<ImportCounts> {
  const records = newestFirst(file)
  const progress = await progressOf(ctx, records, isRepeated)
  const planned = await planImport(ctx, records, progress)
  await rehearse(ctx, planned)
  const counts = { created: 0, updated: 0, unchanged: progress.saved }
  for (const { id, ...line } of planned) {
    if (id === null) counts.created++
    else if (await saysMore(ctx, { ...line, id })) counts.updated++
    else counts.unchanged++
  }
  return counts
}

/**
 * Creates the cases as they were, in any status, with their references and times, and changes those that an earlier file
 * brought. Nothing is saved if any line is faulty. Then they are saved slice by slice, and others can write in between; after
 * an interruption, the same records go on where they stopped, and `unchanged` counts those saved before. Sends no events, as
 * nothing has happened here. Calls `onRow` for each case.
 */
export async function importCases(
  ctx: Ctx,
  lines: readonly CaseRecord[],
  onRow = () => {},
  { isRepeated = false, sliceRows = usualRows }: ImportOptions = {},
): Promise<ImportCounts> {
  const records = newestFirst(lines)
  let progress = await progressOf(ctx, records, isRepeated)
  const before = progress.saved
  const planned = await planImport(ctx, records, progress)
  await rehearse(ctx, planned)
  const file: File = { records, planned, ids: idsOf(progress, records.length), links: linksOf(records) }
  const counts = { created: 0, updated: 0, unchanged: before }
  for (let i = 0; i < before; i++) onRow()
  // Cases are inserted in the order in which they were created.
  const places = file.planned.map((_, i) => i).reverse()
  try {
    for await (const slice of inSlices(places, sliceRows)) {
      const saved = await importSlice(ctx, file, progress, slice)
      progress = saved.progress
      for (const outcome of saved.outcomes) {
        counts[outcome]++
        onRow()
      }
    }
  } catch (error) {
    throw progress.saved > 0 ? interrupted(error, progress.saved, records.length) : error
  }
  return counts
}

function interrupted(error: unknown, saved: number, all: number): unknown {
  if (!(error instanceof AppError)) return error
  const { kind, message, details } = error
  const hint = `${saved} of ${all} cases are saved: import the same file again to go on`
  return new AppError(kind, `${message}. ${hint}`, details, error)
}

/** A link that can be made once the row is saved. */
type Link = { copy: number; original: string; place: number | undefined }

type File = {
  records: readonly CaseRecord[]
  planned: readonly Planned[]
  ids: readonly string[]
  links: ReadonlyMap<number, Link[]>
}

/** Cases created at the same instant are listed by id, the greatest first: this keeps the file's own order. */
function idsOf({ seed }: Progress, count: number): string[] {
  const newId = seededIds(seededRandom(seed))
  return Array.from({ length: count }, newId).sort().reverse()
}

/** By the row that is saved last of the two, as an original may come before or after its duplicate. */
function linksOf(records: readonly CaseRecord[]): Map<number, Link[]> {
  const links = new Map<number, Link[]>()
  const places = new Map(
    records.flatMap(({ values }, i) => namesOf(values).map((name) => [name, i] as const)),
  )
  for (const [copy, { values }] of records.entries()) {
    const original = values.duplicateOf
    if (original === undefined) continue
    const place = places.get(original)
    const last = Math.min(copy, place ?? copy)
    links.set(last, [...(links.get(last) ?? []), { copy, original, place }])
  }
  return links
}

type Saved = { progress: Progress; outcomes: (keyof ImportCounts)[] }

const importSlice = (ctx: Ctx, file: File, progress: Progress, places: readonly number[]): Promise<Saved> =>
  write(ctx, 'case.import', async (w) => {
    const next = await keepProgress(w, progress, progress.saved + places.length, file.records)
    if (progress.saved === 0) await keepSequences(w, file.records)
    await assertFree(w, file, places)
    const numbers = await takeNumbers(w, file, places, progress.now)
    const changes: Change[] = []
    const outcomes: Saved['outcomes'] = []
    await keepFiguresTogether(w, async () => {
      for (const place of places) {
        const { id, ...line } = file.planned[place] as Planned
        const made =
          id === null
            ? [await importCase(w, file, place, { numbers, now: progress.now })]
            : await changeAgain(w, { ...line, id })
        outcomes.push(id === null ? 'created' : made.length > 0 ? 'updated' : 'unchanged')
        changes.push(...made)
      }
    })
    await linkDuplicates(w, file, places)
    return { changes, result: { progress: next, outcomes } }
  })

/** Done before the first case is inserted, so that no new reference takes a number of the file. */
async function keepSequences(w: Writer, records: readonly CaseRecord[]): Promise<void> {
  const highest = new Map<number, number>()
  for (const { values } of records) {
    if (values.reference === undefined) continue
    const { year, number } = partsOf(values.reference)
    highest.set(year, Math.max(number, highest.get(year) ?? 0))
  }
  for (const [year, number] of highest) await moveSequenceOn(w, year, number)
}

/** Another import may have taken a reference since the file was checked. */
async function assertFree(w: Writer, { records }: File, places: readonly number[]): Promise<void> {
  const references = places.flatMap((place) => records[place]?.values.reference ?? [])
  const [taken] = (await getIdsByReference(w, references)).keys()
  if (taken !== undefined) throw conflict(`There is now a case ${taken}`)
}

type Numbered = { year: number; number: number }

/** By place, for the rows without a reference; taken together, and the first inserted has the lowest. */
async function takeNumbers(
  w: Writer,
  { planned }: File,
  places: readonly number[],
  now: Date,
): Promise<Map<number, Numbered>> {
  const byYear = new Map<number, number[]>()
  for (const place of places) {
    const { record, id } = planned[place] as Planned
    if (record.values.reference !== undefined || id !== null) continue
    const year = localYear(createdAtOf(record, now), w.tenant.timezone)
    byYear.set(year, [...(byYear.get(year) ?? []), place])
  }
  const numbers = new Map<number, Numbered>()
  for (const [year, wanting] of byYear) {
    const first = await takeReferenceNumbers(w, year, wanting.length)
    for (const [i, place] of wanting.entries()) numbers.set(place, { year, number: first + i })
  }
  return numbers
}

async function importCase(
  w: Writer,
  { planned, ids }: File,
  place: number,
  { numbers, now }: { numbers: ReadonlyMap<number, Numbered>; now: Date },
): Promise<Change> {
  const [{ record, references }, id] = [planned[place] as Planned, ids[place] as string]
  const { values } = record
  const row = rowOf(w.tenant, record, references, record.isDueGiven, now)
  const parts = values.reference === undefined ? (numbers.get(place) as Numbered) : partsOf(values.reference)
  const reference = values.reference ?? formatReference(w.tenant.referencePrefix, parts.year, parts.number)
  await insertCase(w, {
    ...row,
    id,
    tenantId: w.tenantId,
    reference,
    referenceYear: parts.year,
    referenceNumber: parts.number,
  })
  const resident = residentOf(record)
  if (!isNobody(resident)) await insertResident(w, id, resident)
  return {
    entity: 'case',
    id,
    before: null,
    after: { reference, status: row.status, resolution: row.resolution },
    safe: auditedValues,
  }
}

async function linkDuplicates(w: Writer, file: File, places: readonly number[]): Promise<void> {
  const due = places.flatMap((place) => file.links.get(place) ?? [])
  if (due.length === 0) return
  const originals = await getIdsByReference(w, [...new Set(due.map(({ original }) => original))])
  for (const { copy, original, place } of due) {
    const planned = file.planned[copy]
    // A case that was here before keeps what people have said of it.
    if (planned?.id != null) continue
    const known = originals.get(original) ?? planned?.originalId
    const isTheirs = place !== undefined && !referenceForm.test(original)
    const originalId = known ?? (isTheirs ? file.ids[place] : undefined)
    // One elsewhere may have been erased since the file was checked.
    if (originalId !== undefined) await linkDuplicate(w, file.ids[copy] as string, originalId)
  }
}
