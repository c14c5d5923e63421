import { and, desc, eq } from 'drizzle-orm'
import type { Ctx, Maintainer, Secrets, Writer } from '../../../core/ctx'
import { all, amongMany, beginsOtherwise, equals, oneOf, same, withoutIndex } from '../../../db/conditions'
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
  terms,
  termsOfResident,
  unreadable,
} from './model'
import { type ResidentRow, residents } from './table'

const bindingOf = (tenantId: string, caseId: string) => JSON.stringify(['resident', tenantId, caseId])

const hashText = (tenantId: string, term: Term, value: string) => JSON.stringify([tenantId, term, value])

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

/** `isFound` is false if the hashes are not those of the details. Null if no key opens them. */
export function openResident(
  secrets: Secrets,
  row: ResidentRow,
): { resident: Resident; isFound: boolean } | null {
  const resident = open({ secrets }, row)
  if (resident === null) return null
  const given = termsOfResident(resident)
  const isFound = terms.every((term) => {
    const value = given[term]
    const hash = row[`${term}Hash`]
    if (value === null) return hash === null
    return matchHashes(secrets.match, hashText(row.tenantId, term, value)).includes(hash ?? '')
  })
  return { resident, isFound }
}

export async function getResident(ctx: Ctx, caseId: string): Promise<Resident> {
  return (await getResidents(ctx, [caseId])).get(caseId) ?? nobody
}

function sealedRow({ secrets }: Pick<Ctx, 'secrets'>, tenantId: string, caseId: string, resident: Resident) {
  const values = JSON.stringify(residentFields.map((field) => resident[field]))
  const { email, phone, postcode } = termsOfResident(resident)
  const hash = (term: Term, value: string | null) =>
    value === null ? null : matchHashes(secrets.match, hashText(tenantId, term, value))[0]
  return {
    sealed: seal(secrets.seal, values, bindingOf(tenantId, caseId)),
    emailHash: hash('email', email),
    phoneHash: hash('phone', phone),
    postcodeHash: hash('postcode', postcode),
  }
}

export async function putResident(w: Writer, caseId: string, resident: Resident): Promise<void> {
  const mine = and(eq(residents.tenantId, w.tenantId), eq(residents.caseId, caseId))
  if (isNobody(resident)) {
    await w.db.delete(residents).where(mine)
    return
  }
  const row = sealedRow(w, w.tenantId, caseId, resident)
  await w.db
    .insert(residents)
    .values({ caseId, tenantId: w.tenantId, ...row })
    .onConflictDoUpdate({ target: same(residents.caseId), set: row })
}

const insertRow = preparedInsert(residents)

/** For a case that has none yet. */
export async function insertResident(w: Writer, caseId: string, resident: Resident): Promise<void> {
  await insertRow(w.db, { caseId, tenantId: w.tenantId, ...sealedRow(w, w.tenantId, caseId, resident) })
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

/** Cases whose resident equals every given term, under any of the keys: the newest first, 1,000 at most. */
export async function listCaseIds(ctx: Ctx, given: Record<Term, string | null>): Promise<string[]> {
  const conditions = terms.map((term) => {
    const value = given[term]
    if (value === null) return undefined
    return oneOf(columns[term], matchHashes(ctx.secrets.match, hashText(ctx.tenantId, term, value)))
  })
  const mine = equals(residents.tenantId, ctx.tenantId)
  const where = all([mine, ...conditions, withoutIndex(visibleCases(ctx))])
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
  await m.db
    .update(residents)
    .set(sealedRow({ secrets }, row.tenantId, row.caseId, resident))
    .where(mine)
  return true
}
