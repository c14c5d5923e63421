import type { Change, ChangeEvent } from '../../core/change'
import type { Ctx, Writer } from '../../core/ctx'
import { countsOf, type ImportCounts, planUpserts, type Upserts } from '../../core/upsert'
import { noPassword } from '../../core/users/model'
import { changeUser } from '../../core/users/service'
import { insertUser, listUsers as listAllUsers, replaceTerms, type Term } from '../../core/users/store'
import type { UserRow } from '../../core/users/table'
import { write } from '../../core/write'
import { badFile, type RowFault } from '../../lib/import-file'
import { localDate } from '../../lib/time'
import { wardFinder } from '../wards/model'
import { listAllWards } from '../wards/store'
import type { TermInput, UserInput } from './import'
import { maySeeContact, toView, type UserView } from './model'
import { getTerms, getUser } from './store'
import { termsText } from './terms'

export const today = ({ clock, tenant }: Ctx) => localDate(clock.now(), tenant.timezone)

export async function showUsers(ctx: Ctx, rows: readonly UserRow[]): Promise<UserView[]> {
  const terms = await getTerms(
    ctx,
    rows.map(({ id }) => id),
  )
  const date = today(ctx)
  return rows.map((row) =>
    toView(row, terms.get(row.id) ?? [], { date, isContactShown: maySeeContact(ctx, row) }),
  )
}

const safe = ['role', 'active', 'party', 'terms', 'isContactPublic', 'mustChangePassword']

type Planned = UserInput & { found: Term[] | undefined }

/** Resolves ward names; every line with an unknown ward or without the fields that a new user needs is named. */
async function planUsers(ctx: Ctx, inputs: readonly UserInput[]) {
  const faults: RowFault[] = []
  const existing = await listAllUsers(ctx)
  const byEmail = new Map(existing.map((row) => [row.email, row]))
  const findWard = wardFinder(await listAllWards(ctx))
  const termOf = ({ line, ward, startDate, endDate }: TermInput): Term => {
    const found = findWard(ward, (reason) => void faults.push({ line, reason }))
    return { wardId: found?.id ?? '', startDate, endDate }
  }
  const planned = inputs.map((input): Planned => {
    const known = byEmail.get(input.email)
    for (const field of ['name', 'role'] as const) {
      if (!known && input[field] === undefined)
        faults.push({ line: input.line, reason: `${field} is missing for a new user` })
    }
    const role = input.role ?? known?.role
    if (role !== 'councillor' && input.terms?.some((term) => !isOver(term, today(ctx))))
      faults.push({ line: input.line, reason: 'only a councillor stands for a ward' })
    return { ...input, found: input.terms?.map(termOf) }
  })
  if (faults.length > 0) throw badFile(faults)
  const ignored = ['line', 'terms', 'found']
  const plan = planUpserts<UserRow, Planned>(planned, ({ email }) => byEmail.get(email), ignored)
  return withTerms(ctx, plan)
}

type Kept = { row: UserRow; input: Planned; changed: Partial<UserRow> }

/** Different terms alone are a change too. */
async function withTerms(ctx: Ctx, { create, update, unchanged }: Upserts<UserRow, Planned>) {
  const kept: Kept[] = [...update, ...unchanged.map((one) => ({ ...one, changed: {} }))]
  const present = await getTerms(
    ctx,
    kept.map(({ row }) => row.id),
  )
  const compared = kept.map((one) => {
    const before = termsText(present.get(one.row.id) ?? [])
    const after = one.input.found ? termsText(one.input.found) : before
    return { ...one, before, after, isMoved: before !== after }
  })
  const isChanged = ({ changed, isMoved }: (typeof compared)[number]) =>
    isMoved || Object.keys(changed).length > 0
  return {
    create,
    update: compared.filter(isChanged),
    unchanged: compared.filter((one) => !isChanged(one)),
  }
}

/** True if the term ended before the date. */
const isOver = ({ endDate }: TermInput, date: string) => endDate !== null && endDate < date

/** Counts what an import would do. */
export const previewUsers = async (ctx: Ctx, inputs: readonly UserInput[]): Promise<ImportCounts> =>
  countsOf(await planUsers(ctx, inputs))

/**
 * Creates or updates users by email address, all or nothing. New users sign in once somebody has reset their
 * password. Each changed councillor is announced.
 */
export const importUsers = (
  ctx: Ctx,
  inputs: readonly UserInput[],
  onRow = () => {},
): Promise<ImportCounts> =>
  write(ctx, 'user.import', async (w) => {
    const plan = await planUsers(w, inputs)
    const changes: Change[] = []
    for (const { line: _l, terms: _t, found = [], ...input } of plan.create) {
      const now = w.clock.now()
      const own = { id: w.newId(), tenantId: w.tenantId, createdAt: now, updatedAt: now }
      const known = { passwordHash: noPassword, mustChangePassword: true }
      const { id } = await insertUser(w, { ...own, ...known, ...input } as UserRow, found)
      changes.push(await changeOf(w, null, id, termsText(found)))
      onRow()
    }
    for (const { row, input, changed, before, after, isMoved } of plan.update) {
      if (isMoved) await replaceTerms(w, row.id, input.found ?? [])
      await changeUser(w, row, changed)
      changes.push(await changeOf(w, { ...row, terms: before }, row.id, after))
      onRow()
    }
    for (const _ of plan.unchanged) onRow()
    return { changes, result: countsOf(plan) }
  })

/** A change to a councillor is announced with their public profile. */
export async function changeOf(
  w: Writer,
  before: (UserRow & { terms: string }) | null,
  id: string,
  terms: string,
): Promise<Change> {
  const row = await getUser(w, id)
  const { version: _v, updatedAt: _u, passwordHash: _p, sortKey: _k, searchText: _t, ...after } = row
  const isCouncillor = row.role === 'councillor' || before?.role === 'councillor'
  const view = toView(row, (await getTerms(w, [id])).get(id) ?? [], {
    date: today(w),
    isContactShown: row.isContactPublic,
  })
  const events: ChangeEvent[] = isCouncillor
    ? [{ name: 'councillor_profile_updated', data: { councillor: view } }]
    : []
  return { entity: 'user', id, before, after: { ...after, terms }, safe, events }
}
