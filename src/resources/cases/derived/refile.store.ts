import { and, asc, desc, gte, lte, max } from 'drizzle-orm'
import type { Maintainer } from '../../../core/ctx'
import { insertStoreFact, outdateLists, putStoreFact, readStoreFact } from '../../../core/tenants/store'
import { tenants } from '../../../core/tenants/table'
import type { Db } from '../../../db/dialect'
import { engineOf } from '../../../db/engine'
import { cases } from '../table'
import { caseSearch, indexEntry, notesOf } from './search-entry.store'

/** The highest position that is not in the search index yet; 0 once every case is. */
const unfiledFact = 'case-words-unfiled'

/** Few enough to index within some hundredths of a second. */
const sliceCases = 100

/** For a store whose search index an earlier version made; also once for a new store, which has nothing to index again. */
export async function beginRefiling(m: Maintainer): Promise<void> {
  const [row] = await m.db.select({ last: max(cases.position) }).from(cases)
  await insertStoreFact(m, unfiledFact, String(row?.last ?? 0))
}

/** Null before the first case is indexed. */
export async function unfiledUpTo(db: Db): Promise<number | null> {
  const value = await readStoreFact(db, unfiledFact)
  return value === undefined ? null : Number(value)
}

/**
 * Indexes the newest cases that are not indexed yet, and returns the highest position left, or 0. An interruption loses nothing
 * of what is done.
 */
export async function refileSlice(m: Maintainer): Promise<number> {
  const unfiled = (await unfiledUpTo(m.db)) ?? 0
  if (unfiled === 0) return 0
  const slice = await m.db
    .select({ position: cases.position, tenantId: cases.tenantId })
    .from(cases)
    .where(lte(cases.position, unfiled))
    .orderBy(desc(cases.position))
    .limit(sliceCases)
  // Locks these councils until the commit, always in this order, so that no two transactions wait for each other.
  const councils = [...new Set(slice.map(({ tenantId }) => tenantId))].sort()
  for (const id of councils) await engineOf(m.db).lockRow(m.db, tenants, id)
  const first = slice.at(-1)?.position ?? 0
  await file(m, first, unfiled)
  const left = slice.length < sliceCases ? 0 : first - 1
  for (const id of councils) await outdateLists(m, id)
  await putStoreFact(m, unfiledFact, String(left))
  return left
}

/** By position, because an index is written fastest in that order. */
async function file(m: Maintainer, first: number, last: number): Promise<void> {
  const rows = await m.db
    .select()
    .from(cases)
    .where(and(gte(cases.position, first), lte(cases.position, last)))
    .orderBy(asc(cases.position))
  const notes = await notesOf(
    m.db,
    rows.map(({ id }) => id),
  )
  for (const row of rows) {
    await caseSearch.remove(m.db, row.position)
    await caseSearch.put(m.db, row.position, indexEntry(row, notes.get(row.id)))
  }
}
