import type { Database } from 'bun:sqlite'
import { type Caller, pageOf, type Show, value } from './by-hand-reads'
import type { CaseRow, CaseShape } from './by-hand-view'

/** The usual way: joins and ranks every match, on the thread that answers everybody. */
export function searcher(store: Database, { casesWithNames }: CaseShape, show: Show) {
  const found = `FROM case_words JOIN cases c ON c.position = case_words.rowid
    WHERE case_words MATCH ? AND c.tenant_id = ? AND c.archived = 0`
  const ranked = store.prepare<CaseRow, [string, string, number, number]>(
    `WITH ranked AS MATERIALIZED (
       SELECT c.position AS place, bm25(case_words) AS relevance ${found}
       ORDER BY relevance, place DESC LIMIT ${value} OFFSET ${value})
     ${casesWithNames} JOIN ranked ON ranked.place = c.position ORDER BY relevance, place DESC`,
  )
  const count = store.prepare<{ total: number }, [string, string]>(`SELECT count(*) AS total ${found}`)
  return (who: Caller, query: URLSearchParams) => {
    const words = (query.get('search') ?? '').split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word))
    const quoted = words.map((word) => `"${word.toLowerCase().replaceAll('"', '""')}"`).join(' AND ')
    const match = `words : (${quoted} *)`
    const { page, pageSize, offset } = pageOf(query)
    const rows = ranked.all(match, who.tenantId, pageSize, offset)
    const total = count.get(match, who.tenantId)?.total ?? 0
    const pagination = { page, pageSize, total, totalPages: Math.ceil(total / pageSize) }
    return { cases: show(who, rows), pagination, searchActive: true }
  }
}
