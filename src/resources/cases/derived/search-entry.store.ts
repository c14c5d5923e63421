import type { Ctx, Maintainer, Writer } from '../../../core/ctx'
import { all, amongMany, equals } from '../../../db/conditions'
import type { Db } from '../../../db/dialect'
import type { Facets, IndexEntry } from '../../../db/engine'
import { preparedByForm } from '../../../db/prepared'
import { searchIndex } from '../../../db/search'
import { isEqual } from '../../../lib/equal'
import { fileTexts } from '../../../lib/filed-words'
import { type CaseFilters, viewOf } from '../filters'
import { type CaseRow, cases } from '../table'
import { timelineEntries } from '../timeline/table'

/** Short texts weigh more: a word in a summary says more than the same word in a long description. */
export const caseSearch = searchIndex('case_words', cases, cases.position, [
  { column: cases.reference, weight: 8 },
  { column: cases.internalRef, weight: 8 },
  { column: cases.summary, weight: 6 },
  { column: cases.publicSummary, weight: 4 },
  { column: cases.address, weight: 2 },
  { column: cases.description, weight: 1 },
])

/** Words that represent filters, so that the index alone can apply them. */
export const facet = {
  /** One word for both, as every search asks for both. */
  council: (id: string, archived: boolean) => `t${id}x${archived ? 1 : 0}`,
  status: (status: string) => `s${status.replaceAll('_', '')}`,
  ward: (id: string) => `w${id}`,
  category: (id: string) => `c${id}`,
  assignee: (id: string | null) => `a${id ?? 'none'}`,
}

const facetsIn = (row: CaseRow): string[] => [
  facet.council(row.tenantId, row.archived),
  facet.status(row.status),
  ...(row.wardId === null ? [] : [facet.ward(row.wardId)]),
  ...(row.categoryId === null ? [] : [facet.category(row.categoryId)]),
  facet.assignee(row.assigneeId),
]

/** What finds a case, besides its notes and the names of its ward and category; nothing about its resident. */
const textsIn = (row: CaseRow): (string | null)[] => [
  row.reference,
  row.internalRef,
  row.summary,
  row.publicSummary,
  row.address,
  row.postcode,
  row.description,
]

/** `notes` are newest first. */
export const indexEntry = (row: CaseRow, notes: readonly string[] = []): IndexEntry => ({
  facets: facetsIn(row),
  ...fileTexts([...textsIn(row), ...notes]),
})

/** How many characters of a case’s notes are in the index, newest first. */
const mostOfNotes = 20_000

const selectNotes = preparedByForm<{ caseId: string; position: number; body: string | null }>(
  (db, { where }) =>
    db
      .select({
        caseId: timelineEntries.caseId,
        position: timelineEntries.position,
        body: timelineEntries.body,
      })
      .from(timelineEntries)
      .where(where),
)

/** The newest notes of each case, as far as they are in the index. */
export async function notesOf(db: Db, caseIds: readonly string[]): Promise<Map<string, string[]>> {
  const notes = await selectNotes(db, {
    where: all([amongMany(timelineEntries.caseId, caseIds), equals(timelineEntries.kind, 'note')]),
  })
  const byCase = Map.groupBy(notes, ({ caseId }) => caseId)
  return new Map(
    [...byCase].map(([caseId, own]) => {
      let left = mostOfNotes
      const newestFirst = own.sort((a, b) => b.position - a.position)
      const kept = newestFirst.map(({ body }) => {
        const part = (body ?? '').slice(0, left)
        left -= part.length
        return part
      })
      return [caseId, kept.filter((part) => part !== '')]
    }),
  )
}

/** Rewrites a case’s whole entry in the search index. */
export async function refile(w: Writer | Maintainer, row: CaseRow): Promise<void> {
  const notes = await notesOf(w.db, [row.id])
  await caseSearch.remove(w.db, row.position)
  await caseSearch.put(w.db, row.position, indexEntry(row, notes.get(row.id)))
}

/** Updates a case’s entry in the search index if something in it has changed. A new case has no notes yet. */
export async function keepSearchEntry(
  w: Writer,
  before: CaseRow | null,
  after: CaseRow | null,
): Promise<void> {
  if (after === null) {
    if (before !== null) await caseSearch.remove(w.db, before.position)
  } else if (before === null) {
    await caseSearch.put(w.db, after.position, indexEntry(after))
  } else {
    const foundBy = (row: CaseRow) => [...facetsIn(row), ...textsIn(row)]
    if (!isEqual(foundBy(before), foundBy(after))) await refile(w, after)
  }
}

/** Filters that facets answer; any other needs the rows themselves. */
export const facetFilters: ReadonlySet<string> = new Set([
  'search',
  'sort',
  'archived',
  'status',
  'wardId',
  'categoryId',
  'assigneeId',
])

export function facetsOf(ctx: Ctx, filters: CaseFilters): Facets {
  const { assigneeId, wardIds } = viewOf(ctx)
  const groups = [
    [facet.council(ctx.tenantId, filters.archived ?? false)],
    assigneeId && [facet.assignee(assigneeId)],
    wardIds?.map(facet.ward),
    filters.status?.map(facet.status),
    filters.wardId?.map(facet.ward),
    filters.categoryId?.map(facet.category),
    filters.assigneeId?.map(facet.assignee),
  ]
  return groups.filter((group) => typeof group === 'object')
}
