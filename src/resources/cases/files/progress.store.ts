import type { Ctx, Writer } from '../../../core/ctx'
import { exchangeStoreFact, readStoreFact } from '../../../core/tenants/store'
import { type AppError, conflict } from '../../../lib/errors'
import { hashOfTexts } from '../../../lib/hash'
import { localTime } from '../../../lib/local-time'
import type { CaseRecord } from './fields'

/** How far an import has come: stored with each slice, under the hash of what is imported. */
export type Progress = {
  name: string
  /** The fact as it is stored; null if there is none. */
  stored: string | null
  /** Rows, from the end of the file. */
  saved: number
  /** The cases' ids follow from it. */
  seed: string
  /** When the import began: for rows that give no time. */
  now: Date
}

/** Without a name of its own, a case of a file cannot be found again. */
const isNameless = ({ values }: CaseRecord) =>
  values.reference === undefined && values.internalRef === undefined

/**
 * Where these records stopped, or a new beginning. Throws `conflict` if all of them are saved already and some could only be
 * made twice, unless `isRepeated` asks for that.
 */
export async function progressOf(
  ctx: Ctx,
  records: readonly CaseRecord[],
  isRepeated: boolean,
): Promise<Progress> {
  const name = `import ${ctx.tenantId} ${hashOfTexts(records.values().map((record) => JSON.stringify(record)))}`
  const stored = (await readStoreFact(ctx.db, name)) ?? null
  const beginning = { name, stored, saved: 0, seed: ctx.newId() + ctx.newId(), now: ctx.clock.now() }
  if (stored === null) return beginning
  const [saved, seed, now] = JSON.parse(stored) as [number, string, number]
  if (saved < records.length) return { name, stored, saved, seed, now: new Date(now) }
  if (isRepeated) return beginning
  throw importedAlready(ctx, new Date(now), records.filter(isNameless).length)
}

function importedAlready({ tenant }: Ctx, then: Date, nameless: number): AppError {
  const cases = nameless === 1 ? '1 of its cases has' : `${nameless} of its cases have`
  const day = localTime(then, tenant.timezone, false)
  return conflict(
    `This file was imported already, on ${day}, and ${cases} no reference to know them by. Nothing was imported. To make them once more, add --again`,
  )
}

const factOf = ({ saved, seed, now }: Progress) => JSON.stringify([saved, seed, now.getTime()])

/**
 * The progress as it is stored now. After the last slice it is forgotten, unless the same file would make cases twice. Throws
 * `conflict` if another command has gone on with the same records.
 */
export async function keepProgress(
  w: Writer,
  from: Progress,
  saved: number,
  records: readonly CaseRecord[],
): Promise<Progress> {
  const isForgotten = saved === records.length && !records.some(isNameless)
  const to = { ...from, saved }
  const stored = isForgotten ? null : factOf(to)
  if (await exchangeStoreFact(w, from.name, from.stored, stored)) return { ...to, stored }
  throw conflict('The same file is being imported by another command')
}
