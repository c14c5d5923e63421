import type { Ctx, Writer } from '../../../core/ctx'
import { exchangeStoreFact, readStoreFact } from '../../../core/tenants/store'
import { conflict } from '../../../lib/errors'
import { hashOfTexts } from '../../../lib/hash'
import type { CaseRecord } from './fields'

/** How far an import has come: stored with each slice, under the hash of what is imported, and deleted with the last one. */
export type Progress = {
  name: string
  /** Rows, from the end of the file. */
  saved: number
  /** The cases' ids follow from it. */
  seed: string
  /** When the import began: for rows that give no time. */
  now: Date
}

/** Where these records stopped, or a new beginning. */
export async function progressOf(ctx: Ctx, records: readonly CaseRecord[]): Promise<Progress> {
  const name = `import ${ctx.tenantId} ${hashOfTexts(records.values().map((record) => JSON.stringify(record)))}`
  const stored = await readStoreFact(ctx.db, name)
  if (stored === undefined) return { name, saved: 0, seed: ctx.newId() + ctx.newId(), now: ctx.clock.now() }
  const [saved, seed, now] = JSON.parse(stored) as [number, string, number]
  return { name, saved, seed, now: new Date(now) }
}

const factOf = ({ saved, seed, now }: Progress) => JSON.stringify([saved, seed, now.getTime()])

/** Throws `conflict` if another command has gone on with the same records. */
export async function keepProgress(w: Writer, from: Progress, to: Progress, isLast: boolean): Promise<void> {
  const before = from.saved === 0 ? null : factOf(from)
  const after = isLast ? null : factOf(to)
  if (await exchangeStoreFact(w, from.name, before, after)) return
  throw conflict('The same file is being imported by another command')
}
