import { and, asc, eq, gt, isNotNull, lt } from 'drizzle-orm'
import type { Ctx, Writer } from '../../../core/ctx'
import { all, amongMany, type Condition, equals, same, withoutIndex } from '../../../db/conditions'
import { preparedByForm } from '../../../db/prepared'
import { caseSequences, cases } from '../table'

const askedAtOnce = 1_000

const select = preparedByForm<{ id: string; reference: string }>((db, { where }) =>
  db.select({ id: cases.id, reference: cases.reference }).from(cases).where(where),
)

async function selectMany(ctx: Ctx, values: readonly string[], condition: (part: string[]) => Condition) {
  const found: { id: string; reference: string }[] = []
  for (let i = 0; i < values.length; i += askedAtOnce) {
    const part = values.slice(i, i + askedAtOnce)
    found.push(...(await select(ctx.db, { where: condition(part) })))
  }
  return found
}

/** Ids by reference. */
export async function getIdsByReference(
  ctx: Ctx,
  references: readonly string[],
): Promise<Map<string, string>> {
  const found = await selectMany(ctx, references, (part) =>
    all([equals(cases.tenantId, ctx.tenantId), amongMany(cases.reference, part)]),
  )
  return new Map(found.map(({ id, reference }) => [reference, id]))
}

/** Read in one pass, as no index leads to them: a file has many. */
const scannedAtOnce = 10_000

/** Ids of the cases that have one of these references of another system; several may share one. */
export async function getIdsByInternalRef(
  ctx: Ctx,
  wanted: ReadonlySet<string>,
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  for (let after = '', isMore = wanted.size > 0; isMore; ) {
    const part = await ctx.db
      .select({ id: cases.id, internalRef: cases.internalRef })
      .from(cases)
      .where(and(eq(cases.tenantId, ctx.tenantId), isNotNull(cases.internalRef), gt(cases.id, after)))
      .orderBy(asc(cases.id))
      .limit(scannedAtOnce)
    for (const { id, internalRef } of part) {
      if (internalRef !== null && wanted.has(internalRef))
        found.set(internalRef, [...(found.get(internalRef) ?? []), id])
    }
    after = part.at(-1)?.id ?? ''
    isMore = part.length === scannedAtOnce
  }
  return found
}

/** References by id. */
export async function getReferences(ctx: Ctx, ids: readonly string[]): Promise<Map<string, string>> {
  const found = await selectMany(ctx, ids, (part) =>
    all([withoutIndex(equals(cases.tenantId, ctx.tenantId)), amongMany(cases.id, part)]),
  )
  return new Map(found.map(({ id, reference }) => [id, reference]))
}

/** Never moves the year's counter back. */
export async function moveSequenceOn(w: Writer, year: number, last: number): Promise<void> {
  await w.db
    .insert(caseSequences)
    .values({ tenantId: w.tenantId, year, last })
    .onConflictDoUpdate({
      target: same(caseSequences.tenantId, caseSequences.year),
      set: { last },
      setWhere: lt(caseSequences.last, last),
    })
}

/** For a case that has just been inserted: nothing that is derived from a case depends on this link. */
export async function linkDuplicate(w: Writer, id: string, duplicateOfId: string): Promise<void> {
  await w.db
    .update(cases)
    .set({ duplicateOfId })
    .where(and(eq(cases.tenantId, w.tenantId), eq(cases.id, id)))
}
