import type { Ctx, Deps, Writer } from '../../../core/ctx'
import { resealAll } from '../../../core/reseal.service'
import { appendOccurrences, type Occurrence, recordFirst } from '../../../core/write'
import { invalid } from '../../../lib/errors'
import { type Found, partOf, type Slice } from '../../../lib/page'
import { type CaseView, type CaseWithNames, toView } from '../model'
import { getCasesById } from '../store'
import { isNobody, nobody, type Resident, type ResidentSearch, termIssues, terms, termsOf } from './model'
import { getResidents, listCaseIds, listOutdated, reseal } from './store'

export const mayReadResidents = ({ scopes }: Ctx) => scopes.has('residents:read')

/** Leaves the resident out for a caller who may not read residents. */
export const viewFor = (ctx: Ctx, found: CaseWithNames, resident: Resident = nobody): CaseView =>
  toView(found, ctx.clock.now(), mayReadResidents(ctx) ? resident : undefined)

const releasesOf = (residents: ReadonlyMap<string, Resident>): Occurrence[] =>
  [...residents.keys()].map((id) => ({ entity: 'case', id }))

/** Records whose details the caller is about to see; if that fails, nothing is shown. */
export async function showCases(ctx: Ctx, found: readonly CaseWithNames[]): Promise<CaseView[]> {
  const residents = await residentsFor(ctx, found)
  await recordFirst(ctx, 'resident.read', releasesOf(residents))
  return found.map((one) => viewFor(ctx, one, residents.get(one.case.id)))
}

export async function showCase(ctx: Ctx, found: CaseWithNames): Promise<CaseView> {
  const [view] = await showCases(ctx, [found])
  return view as CaseView
}

/** Within a change, whose answer also shows details that the caller did not send. */
export async function showChanged(w: Writer, found: CaseWithNames, resident: Resident): Promise<CaseView> {
  if (mayReadResidents(w) && !isNobody(resident)) {
    await appendOccurrences(w, 'resident.read', [{ entity: 'case', id: found.case.id }])
  }
  return viewFor(w, found, resident)
}

/** None for a caller who may not read residents. */
export const residentsFor = (ctx: Ctx, found: readonly CaseWithNames[]): Promise<Map<string, Resident>> =>
  mayReadResidents(ctx)
    ? getResidents(
        ctx,
        found.map((one) => one.case.id),
      )
    : Promise.resolve(new Map())

/** The newest first. The search itself is recorded, too. */
export async function searchResidents(
  ctx: Ctx,
  input: ResidentSearch,
  slice: Slice,
): Promise<Found<CaseView>> {
  const issues = termIssues(input, (term) => term)
  if (issues.length > 0) throw invalid(issues)
  const given = terms.filter((term) => input[term] !== undefined)
  await recordFirst(ctx, 'resident.search', [
    { entity: 'case', id: 'search', note: { terms: given.join(',') } },
  ])
  const ids = await listCaseIds(ctx, termsOf(input))
  const { start, end, found } = partOf(slice, ids.length)
  const part = ids.slice(start, end)
  const byId = await getCasesById(ctx, part)
  return {
    ...found,
    rows: await showCases(
      ctx,
      part.flatMap((id) => byId.get(id) ?? []),
    ),
  }
}

/** Reseals every resident that is not sealed under the newest key; returns how many there were. */
export const resealResidents = (deps: Deps): Promise<number> =>
  resealAll(deps, { list: listOutdated, reseal })
