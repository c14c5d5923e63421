import type { Ctx, Writer } from '../../core/ctx'
import { assertUnchanged } from '../../core/precondition'
import { differing } from '../../core/upsert'
import { inspect } from '../../core/validation'
import { recordFirst, write } from '../../core/write'
import { AppError, type Issue, invalid } from '../../lib/errors'
import { inNameOrder } from '../../lib/name-keys'
import { slugify } from '../../lib/slug'
import { countByWard } from '../cases/derived/counters.store'
import type { WardInput } from './import'
import {
  type CaseCounts,
  dateIssues,
  type ExportedWard,
  toView,
  WardCreate,
  type WardLookup,
  WardPatch,
  type WardView,
} from './model'
import { findWardAt, getWard, insertWard, listAllWards, listWardsCalled, updateWard } from './store'
import type { WardRow } from './table'

/** Fields whose values the audit log may keep. */
export const safe = [
  'name',
  'nameCy',
  'slug',
  'gssCode',
  'tier',
  'enabled',
  'validFrom',
  'validTo',
  'electorate',
]

/** Codes distinguish wards with the same name, unless the file gives slugs. */
export function freeSlug(
  { slug, gssCode, isSlugGiven }: Pick<WardInput, 'slug' | 'gssCode' | 'isSlugGiven'>,
  taken: ReadonlySet<string>,
): string {
  return taken.has(slug) && gssCode && !isSlugGiven ? `${slug}-${gssCode.toLowerCase()}` : slug
}

/** The slug is derived from the name if not given. Slug and GSS code must be free. */
export const createWard = (ctx: Ctx, input: WardCreate): Promise<WardView> =>
  write(ctx, 'ward.create', async (w) => {
    const { issues, sound } = inspect(WardCreate, input)
    const slug = input.slug === undefined ? await slugFor(w, sound, issues) : (sound.slug ?? '')
    issues.push(...dateIssues(sound), ...(await takenIssues(w, { ...sound, slug })))
    if (issues.length > 0) throw invalid(issues)
    const now = w.clock.now()
    const own = { id: w.newId(), tenantId: w.tenantId, createdAt: now, updatedAt: now }
    const view = toView(await insertWard(w, { ...input, name: input.name.trim(), slug, ...own }))
    return { changes: [{ entity: 'ward', id: view.id, before: null, after: view, safe }], result: view }
  })

export const patchWard = (ctx: Ctx, id: string, patch: WardPatch): Promise<WardView> =>
  write(ctx, 'ward.update', async (w) => {
    const before = await getWard(w, id)
    assertUnchanged(w, toView(before))
    const { issues, sound } = inspect(WardPatch, patch)
    const changed = differing(before, { ...sound, ...(sound.name && { name: sound.name.trim() }) })
    if ('validFrom' in changed || 'validTo' in changed) issues.push(...dateIssues({ ...before, ...sound }))
    issues.push(...(await takenIssues(w, { ...changed, id })))
    if (issues.length > 0) throw invalid(issues)
    if (Object.keys(changed).length === 0) return { changes: [], result: toView(before) }
    const after = await updateWard(w, before, changed)
    return { changes: [{ entity: 'ward', id, before, after: changed, safe }], result: toView(after) }
  })

type Names = { slug?: string; gssCode?: string | null }

/** Same rules as an import; empty if the name gives none, which is added to `issues`. */
async function slugFor(
  w: Writer,
  { name, gssCode = null }: { name?: string; gssCode?: string | null },
  issues: Issue[],
): Promise<string> {
  const slug = slugify(name ?? '')
  if (slug === '') {
    if (name !== undefined)
      issues.push({
        in: 'body',
        path: 'slug',
        code: 'rule',
        message: 'Required: none can be made from the name',
      })
    return ''
  }
  const taken = new Set((await listWardsCalled(w, { slug })).map((row) => row.slug))
  return freeSlug({ slug, gssCode }, taken)
}

/** A council's changes run one at a time, so free names stay free. */
async function takenIssues(w: Writer, { id, ...names }: Names & { id?: string }): Promise<Issue[]> {
  const others = (await listWardsCalled(w, names)).filter((row) => row.id !== id)
  const isTaken = (name: keyof Names) => names[name] && others.some((row) => row[name] === names[name])
  return (['slug', 'gssCode'] as const)
    .filter(isTaken)
    .map((path) => ({ in: 'body', path, code: 'taken', message: 'Already used by another ward' }))
}

/** The smallest kind of area comes first; throws if there is none. */
export async function getWardAt(ctx: Ctx, lookup: WardLookup): Promise<WardRow> {
  const ward = await findWardAt(ctx, lookup)
  if (ward) return ward
  const { latitude, longitude } = lookup
  throw new AppError('not_found', 'This point is not in any ward of the council', { latitude, longitude })
}

const partRows = 100

const none: CaseCounts = { open: 0, in_progress: 0, resolved: 0, closed: 0, total: 0 }

/** Enabled wards with the counts of cases that the caller may see. The export itself is recorded first. */
export async function exportWards(ctx: Ctx): Promise<AsyncGenerator<ExportedWard[]>> {
  await recordFirst(ctx, 'ward.export', [{ entity: 'ward', id: 'export' }])
  return exportedWards(ctx)
}

async function* exportedWards(ctx: Ctx): AsyncGenerator<ExportedWard[]> {
  const counts = new Map<string, CaseCounts>()
  for (const { wardId, status, total } of await countByWard(ctx)) {
    const known = counts.get(wardId) ?? none
    counts.set(wardId, { ...known, [status]: known[status] + total, total: known.total + total })
  }
  const enabled = (await listAllWards(ctx)).filter((row) => row.enabled)
  const rows = inNameOrder(enabled, ({ name }) => name)
  for (let i = 0; i < rows.length; i += partRows) {
    yield rows.slice(i, i + partRows).map((row) => ({ ...toView(row), cases: counts.get(row.id) ?? none }))
  }
}
