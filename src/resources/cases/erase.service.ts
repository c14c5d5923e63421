import type { Change } from '../../core/change'
import type { Ctx, Deps, Writer } from '../../core/ctx'
import { deleteAnswers, findAnswersAbout, findAnswersSince } from '../../core/idempotency/store'
import { exchangeStoreFact, putStoreFact, readStoreFact } from '../../core/tenants/store'
import { maintain, write } from '../../core/write'
import { AppError } from '../../lib/errors'
import { inSlices, letOthersWrite } from '../../lib/slices'
import { lockEndpointsOf } from '../webhooks/queue/store'
import { compactSearch, deleteCase, listIdsIn } from './erase.store'
import { findCase, getCasesById } from './store'
import type { CaseRow } from './table'

/** Erased in a tenth of a second or so. */
const sliceCases = 20

/** Stored while words of erased cases may still be in the search index. */
const compactionDue = 'search-compaction'

type Answers = Awaited<ReturnType<typeof findAnswersAbout>>

/**
 * Erases cases with their history and residents; none, and each unknown reference is named, if one is unknown. The audit log keeps who erased them
 * and when, and nothing that they held. Long lists are erased in slices, between which others can write; whole slices stay
 * erased if the rest fails. `onErased` gets the references of each slice.
 */
export async function eraseCases(
  ctx: Ctx,
  deps: Pick<Deps, 'store'>,
  idsOrReferences: readonly string[],
  onErased: (references: string[]) => void = () => {},
): Promise<string[]> {
  const ids = await idsOf(ctx, idsOrReferences)
  const since = ctx.clock.now()
  const answers = await findAnswersAbout(ctx, new Set(await listIdsIn(ctx, [...ids])))
  const erased: string[] = []
  for await (const slice of inSlices([...ids], sliceCases)) {
    const references = await eraseSlice(ctx, slice, answers, since)
    if (references.length > 0) onErased(references)
    erased.push(...references)
  }
  await finishErasure(deps)
  return erased
}

async function idsOf(ctx: Ctx, idsOrReferences: readonly string[]): Promise<Set<string>> {
  const ids = new Set<string>()
  const unknown: string[] = []
  for (const idOrReference of idsOrReferences) {
    const found = await findCase(ctx, idOrReference)
    if (found) ids.add(found.case.id)
    else unknown.push(`"${idOrReference}"`)
  }
  if (unknown.length === 0) return ids
  throw new AppError('not_found', `Nothing was erased: there is no case ${unknown.join(', ')}`)
}

const eraseSlice = (ctx: Ctx, ids: readonly string[], answers: Answers, since: Date): Promise<string[]> =>
  write(ctx, 'case.erase', async (w) => {
    // Otherwise an event about an erased case could be queued in the meantime.
    await lockEndpointsOf(w.db, [w.tenantId])
    const known = await getCasesById(w, ids)
    // Somebody else may have erased some since they were looked up.
    const rows = ids.flatMap((id) => known.get(id)?.case ?? [])
    await forgetAnswers(w, ids, answers, since)
    for (const row of rows) await deleteCase(w, row)
    await putStoreFact(w, compactionDue, w.newId())
    return { changes: rows.map(changeOf), result: rows.map(({ reference }) => reference) }
  })

/** The answers found before, and those stored since. */
async function forgetAnswers(
  w: Writer,
  ids: readonly string[],
  answers: Answers,
  since: Date,
): Promise<void> {
  const mentioned = await listIdsIn(w, ids)
  const later = await findAnswersSince(w, new Set(mentioned), since)
  for (const found of [answers, later]) {
    await deleteAnswers(
      w,
      mentioned.flatMap((id) => found.get(id) ?? []),
    )
  }
}

const changeOf = ({ id, publicState }: CaseRow): Change => ({
  entity: 'case',
  id,
  before: { erased: false },
  after: { erased: true },
  safe: ['erased'],
  publicPart: publicState === 'approved' ? 'cases' : undefined,
})

/** Takes the words of erased cases out of the search index for good; also after an erasure that was interrupted. */
export async function finishErasure(deps: Pick<Deps, 'store'>): Promise<void> {
  const due = await readStoreFact(deps.store.read, compactionDue)
  if (due === undefined) return
  for (let isFirst = true; ; isFirst = false) {
    if (await maintain(deps, (m) => compactSearch(m, isFirst))) break
    await letOthersWrite()
  }
  await maintain(deps, (m) => exchangeStoreFact(m, compactionDue, due, null))
}
