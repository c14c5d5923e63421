import { and, between, desc, eq } from 'drizzle-orm'
import type { Ctx, Maintainer, Secrets, Writer } from '../../../core/ctx'
import {
  all,
  amongMany,
  any,
  beginsOtherwise,
  equals,
  oneOf,
  same,
  withoutIndex,
} from '../../../db/conditions'
import type { Db } from '../../../db/dialect'
import { preparedByForm, preparedInsert } from '../../../db/prepared'
import { matchHashes, seal, unseal } from '../../../lib/seal'
import { visibleCases } from '../filters'
import { cases } from '../table'
import {
  isNobody,
  nobody,
  type Resident,
  residentFields,
  type Term,
  type TermValues,
  terms,
  termsOfResident,
  unreadable,
} from './model'
import { type ResidentRow, residentPhones, residents } from './table'

const bindingOf = (tenantId: string, caseId: string) => JSON.stringify(['resident', tenantId, caseId])

/** Under each key, newest first. */
const hashesOf = ({ match }: Secrets, tenantId: string, term: Term, value: string) =>
  matchHashes(match, JSON.stringify([tenantId, term, value]))

const select = preparedByForm<ResidentRow>((db, { where, limit }) =>
  db.select().from(residents).where(where).limit(limit),
)

/** By case; leaves out cases that are about nobody. */
export async function getResidents(ctx: Ctx, caseIds: readonly string[]): Promise<Map<string, Resident>> {
  if (caseIds.length === 0) return new Map()
  const where = all([
    withoutIndex(equals(residents.tenantId, ctx.tenantId)),
    amongMany(residents.caseId, caseIds),
  ])
  const rows = await select(ctx.db, { where, limit: caseIds.length })
  const found = new Map(rows.map((row) => [row.caseId, open(ctx, row) ?? unreadable]))
  const unopened = [...found].filter(([, one]) => one.residentUnreadable).map(([caseId]) => caseId)
  if (unopened.length > 0) {
    ctx.log.error('residents’ details cannot be opened', { requestId: ctx.requestId, cases: unopened })
  }
  return found
}

function open({ secrets }: Pick<Ctx, 'secrets'>, { tenantId, caseId, sealed }: ResidentRow): Resident | null {
  const opened = unseal(secrets.seal, sealed, bindingOf(tenantId, caseId))
  if (opened === null) return null
  const values = JSON.parse(opened)
  return Object.fromEntries(residentFields.map((field, i) => [field, values[i] ?? null])) as Resident
}

/**
 * `further` has the hashes of further telephone numbers. `isFound` is false if the hashes do not match the details. Null if
 * no key opens them.
 */
export function openResident(
  secrets: Secrets,
  row: ResidentRow,
  further: readonly string[],
): { resident: Resident; isFound: boolean } | null {
  const resident = open({ secrets }, row)
  if (resident === null) return null
  const given = termsOfResident(resident)
  const isFound = terms.every((term) => {
    const kept = [row[`${term}Hash`] ?? [], term === 'phone' ? further : []].flat()
    const wanted = given[term].map((value) => hashesOf(secrets, row.tenantId, term, value))
    return kept.length === wanted.length && wanted.every((hashes) => kept.some((one) => hashes.includes(one)))
  })
  return { resident, isFound }
}

/** The hashes of these residents’ further telephone numbers, by case. */
export async function getFurtherPhones(db: Db, rows: readonly ResidentRow[]): Promise<Map<string, string[]>> {
  const [first, last] = [rows[0], rows.at(-1)]
  if (!first || !last) return new Map()
  const found = await db
    .select()
    .from(residentPhones)
    .where(between(residentPhones.caseId, first.caseId, last.caseId))
  const byCase = Map.groupBy(found, ({ caseId }) => caseId)
  return new Map([...byCase].map(([caseId, some]) => [caseId, some.map(({ hash }) => hash)]))
}

export async function getResident(ctx: Ctx, caseId: string): Promise<Resident> {
  return (await getResidents(ctx, [caseId])).get(caseId) ?? nobody
}

function sealedRow({ secrets }: Pick<Ctx, 'secrets'>, tenantId: string, caseId: string, resident: Resident) {
  const values = JSON.stringify(residentFields.map((field) => resident[field]))
  const given = termsOfResident(resident)
  const hashes = (term: Term) => given[term].map((value) => hashesOf(secrets, tenantId, term, value)[0])
  const [phoneHash = null, ...further] = hashes('phone')
  const row = {
    sealed: seal(secrets.seal, values, bindingOf(tenantId, caseId)),
    emailHash: hashes('email')[0] ?? null,
    phoneHash,
    postcodeHash: hashes('postcode')[0] ?? null,
  }
  return { row, further: further.map((hash) => ({ caseId, tenantId, hash })) }
}

const phonesOf = (tenantId: string, caseId: string) =>
  and(eq(residentPhones.tenantId, tenantId), eq(residentPhones.caseId, caseId))

type Further = (typeof residentPhones.$inferInsert)[]

async function putFurther(db: Db, tenantId: string, caseId: string, further: Further): Promise<void> {
  await db.delete(residentPhones).where(phonesOf(tenantId, caseId))
  if (further.length > 0) await db.insert(residentPhones).values(further)
}

export async function deleteResident(w: Writer, caseId: string): Promise<void> {
  await putFurther(w.db, w.tenantId, caseId, [])
  await w.db.delete(residents).where(and(eq(residents.tenantId, w.tenantId), eq(residents.caseId, caseId)))
}

export async function putResident(w: Writer, caseId: string, resident: Resident): Promise<void> {
  if (isNobody(resident)) return deleteResident(w, caseId)
  const { row, further } = sealedRow(w, w.tenantId, caseId, resident)
  await w.db
    .insert(residents)
    .values({ caseId, tenantId: w.tenantId, ...row })
    .onConflictDoUpdate({ target: same(residents.caseId), set: row })
  await putFurther(w.db, w.tenantId, caseId, further)
}

const insertRow = preparedInsert(residents)

/** For a case that has none yet. */
export async function insertResident(w: Writer, caseId: string, resident: Resident): Promise<void> {
  const { row, further } = sealedRow(w, w.tenantId, caseId, resident)
  await insertRow(w.db, { caseId, tenantId: w.tenantId, ...row })
  if (further.length > 0) await w.db.insert(residentPhones).values(further)
}

const columns = {
  email: residents.emailHash,
  phone: residents.phoneHash,
  postcode: residents.postcodeHash,
} as const

const maxFound = 1_000

const selectCases = preparedByForm<{ id: string }>((db, { where, limit }) =>
  db
    .select({ id: cases.id })
    .from(residents)
    .innerJoin(cases, eq(cases.id, residents.caseId))
    .where(where)
    .orderBy(desc(cases.createdAt), desc(cases.id))
    .limit(limit),
)

const selectFurther = preparedByForm<{ caseId: string }>((db, { where, limit }) =>
  db.select({ caseId: residentPhones.caseId }).from(residentPhones).where(where).limit(limit),
)

/** Cases of residents who gave one of these numbers, though not first. */
function listByFurtherPhone(ctx: Ctx, hashes: readonly string[]): Promise<{ caseId: string }[]> {
  const where = all([equals(residentPhones.tenantId, ctx.tenantId), oneOf(residentPhones.hash, hashes)])
  return selectFurther(ctx.db, { where, limit: maxFound })
}

/**
 * Cases whose resident has every given term, under any of the keys, and of several telephone numbers one: the newest first,
 * 1,000 at most.
 */
export async function listCaseIds(ctx: Ctx, given: TermValues): Promise<string[]> {
  const mine = equals(residents.tenantId, ctx.tenantId)
  const conditions = [mine, withoutIndex(visibleCases(ctx))]
  for (const term of terms) {
    const hashes = given[term].flatMap((value) => hashesOf(ctx.secrets, ctx.tenantId, term, value))
    if (hashes.length === 0) continue
    const further = term === 'phone' ? await listByFurtherPhone(ctx, hashes) : []
    const among =
      further.length > 0 &&
      amongMany(
        residents.caseId,
        further.map(({ caseId }) => caseId),
      )
    conditions.push(any([oneOf(columns[term], hashes), among || undefined]))
  }
  const where = all(conditions)
  return (await selectCases(ctx.db, { where, limit: maxFound })).map(({ id }) => id)
}

/** Of all councils. */
export const listOutdated = (db: Db, { seal: [newest] }: Secrets, limit: number): Promise<ResidentRow[]> =>
  db
    .select()
    .from(residents)
    .where(beginsOtherwise(residents.sealed, `${newest.id}.`))
    .limit(limit)

export async function reseal(m: Maintainer, secrets: Secrets, row: ResidentRow): Promise<boolean> {
  const resident = open({ secrets }, row)
  if (resident === null) return false
  const mine = and(eq(residents.tenantId, row.tenantId), eq(residents.caseId, row.caseId))
  const sealed = sealedRow({ secrets }, row.tenantId, row.caseId, resident)
  await m.db.update(residents).set(sealed.row).where(mine)
  await putFurther(m.db, row.tenantId, row.caseId, sealed.further)
  return true
}
