import type { Ctx, Writer } from '../../../core/ctx'
import type { Facets, IndexEntry } from '../../../db/engine'
import { searchIndex } from '../../../db/search'
import { isEqual } from '../../../lib/equal'
import { type CaseFilters, viewOf } from '../filters'
import { type CaseRow, cases } from '../table'

/** Short texts weigh more: a word in a summary says more than the same word in a long description. */
export const caseSearch = searchIndex('case_search', cases, cases.position, {
  reference: { column: cases.reference, weight: 8 },
  summary: { column: cases.summary, weight: 6 },
  public_summary: { column: cases.publicSummary, weight: 4 },
  description: { column: cases.description, weight: 1 },
})

/** Words that stand for filters, so that the index can answer these by itself. */
const facet = {
  /** One word for both, as every search asks for both. */
  council: (id: string, archived: boolean) => `t${id}x${archived ? 1 : 0}`,
  status: (status: string) => `s${status.replaceAll('_', '')}`,
  ward: (id: string) => `w${id}`,
  category: (id: string) => `c${id}`,
  assignee: (id: string | null) => `a${id ?? 'none'}`,
}

export function indexEntry(row: CaseRow): IndexEntry {
  return {
    facets: [
      facet.council(row.tenantId, row.archived),
      facet.status(row.status),
      ...(row.wardId === null ? [] : [facet.ward(row.wardId)]),
      ...(row.categoryId === null ? [] : [facet.category(row.categoryId)]),
      facet.assignee(row.assigneeId),
    ],
    texts: {
      reference: row.reference,
      summary: row.summary,
      public_summary: row.publicSummary,
      description: row.description,
    },
  }
}

/** Rewrites a case's entry in the search index, unless nothing in it has changed. */
export async function keepSearchEntry(
  w: Writer,
  before: CaseRow | null,
  after: CaseRow | null,
): Promise<void> {
  const entry = after && indexEntry(after)
  if (before !== null) {
    if (entry !== null && isEqual(indexEntry(before), entry)) return
    await caseSearch.remove(w.db, before.position)
  }
  if (after !== null && entry !== null) await caseSearch.put(w.db, after.position, entry)
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
