import type { Written } from '../../core/change'
import type { Ctx, Writer } from '../../core/ctx'
import { assertUnchanged } from '../../core/precondition'
import type { Role } from '../../core/scopes'
import { differing } from '../../core/upsert'
import { noPassword } from '../../core/users/model'
import { changeUser, readEmail } from '../../core/users/service'
import { hasOtherAdmin, insertUser, replaceTerms } from '../../core/users/store'
import type { UserRow } from '../../core/users/table'
import { inspect } from '../../core/validation'
import { write } from '../../core/write'
import { conflict, forbidden, type Issue, invalid } from '../../lib/errors'
import { phoneFault, readPhones } from '../../lib/phone'
import { unknownWards } from '../wards/store'
import { ProfilePatch, type UserDetails, UserInvite, UserPatch, type UserView } from './model'
import { changeOf, showUsers, today } from './service'
import { getTerms, getUser } from './store'
import { termsAfter, termsEnded, termsText } from './terms'

/** What people who may edit the user see; `If-Match` is compared with this. */
export async function detailsOf(ctx: Ctx, row: UserRow): Promise<UserDetails> {
  const [view] = await showUsers(ctx, [row])
  return { ...(view as UserView), isContactPublic: row.isContactPublic }
}

/** They cannot sign in until they have set a password; their terms start today. */
export const inviteUser = (ctx: Ctx, input: UserInvite): Promise<UserRow> =>
  write(ctx, 'user.invite', async (w) => {
    const { issues, sound } = inspect(UserInvite, input)
    const email = await readEmail(w, sound.email, issues)
    issues.push(...(await wardIssues(w, sound.wardIds, sound.role)))
    if (issues.length > 0) throw invalid(issues)
    const now = w.clock.now()
    const values = {
      ...{ id: w.newId(), tenantId: w.tenantId, createdAt: now, updatedAt: now },
      ...{ email, name: input.name.trim(), role: input.role },
      ...{ passwordHash: noPassword, mustChangePassword: true },
    }
    const terms = termsAfter([], input.wardIds, today(w))
    const row = await insertUser(w, values, terms)
    return { changes: [await changeOf(w, null, row.id, termsText(terms))], result: row }
  })

/**
 * Someone who stops being a councillor no longer has wards. Throws `conflict` for the user's own role and activity, and
 * for the last active admin.
 */
export const patchUser = (ctx: Ctx, id: string, patch: UserPatch): Promise<UserDetails> =>
  write(ctx, 'user.update', async (w) => {
    const before = await getUser(w, id)
    assertUnchanged(w, await detailsOf(w, before))
    const { issues, sound } = inspect(UserPatch, patch)
    const { wardIds, ...fields } = sound
    if (fields.email !== undefined) fields.email = await readEmail(w, fields.email, issues, id)
    if (fields.name !== undefined) fields.name = fields.name.trim()
    const { role, active } = { ...before, ...fields }
    issues.push(...phoneIssues(fields.phone), ...(await wardIssues(w, wardIds, role)))
    if (issues.length > 0) throw invalid(issues)
    await assertMayLose(w, before, { role, active })
    return saveUser(w, before, fields, wardIds)
  })

export const patchProfile = (ctx: Ctx, patch: ProfilePatch): Promise<UserDetails> =>
  write(ctx, 'user.update_profile', async (w) => {
    if (w.acting === null) throw forbidden('Only a user has a profile')
    const before = await getUser(w, w.acting.id)
    assertUnchanged(w, await detailsOf(w, before))
    const { issues, sound } = inspect(ProfilePatch, patch)
    issues.push(...phoneIssues(sound.phone))
    if (issues.length > 0) throw invalid(issues)
    return saveUser(w, before, sound, undefined)
  })

async function saveUser(
  w: Writer,
  before: UserRow,
  fields: Partial<UserRow>,
  wardIds: readonly string[] | undefined,
): Promise<Written<UserDetails>> {
  const { id } = before
  const present = (await getTerms(w, [id])).get(id) ?? []
  const isLeaving = before.role === 'councillor' && (fields.role ?? 'councillor') !== 'councillor'
  const standing = wardIds ? termsAfter(present, wardIds, today(w)) : present
  const terms = isLeaving ? termsEnded(present, today(w)) : standing
  const [was, is] = [termsText(present), termsText(terms)]
  const changed = differing(before, fields)
  if (was === is && Object.keys(changed).length === 0) {
    return { changes: [], result: await detailsOf(w, before) }
  }
  if (was !== is) await replaceTerms(w, id, terms)
  const row = await changeUser(w, before, changed)
  return { changes: [await changeOf(w, { ...before, terms: was }, id, is)], result: await detailsOf(w, row) }
}

/** People must not lock themselves out, and every council needs an active admin. */
async function assertMayLose(
  w: Writer,
  before: UserRow,
  after: Pick<UserRow, 'role' | 'active'>,
): Promise<void> {
  const isOver = before.active && !after.active
  if (before.role === after.role && !isOver) return
  if (w.acting?.id === before.id) {
    throw conflict('You cannot change your own role or deactivate yourself')
  }
  if (before.role === 'admin' && before.active && !(await hasOtherAdmin(w, before.id))) {
    throw conflict('This is the last active administrator: make somebody else one first')
  }
}

async function wardIssues(
  w: Writer,
  wardIds: readonly string[] = [],
  role: Role | undefined,
): Promise<Issue[]> {
  const isMisplaced = wardIds.length > 0 && role !== undefined && role !== 'councillor'
  return [
    ...(isMisplaced
      ? [
          {
            in: 'body',
            path: 'wardIds',
            code: 'rule',
            message: 'Only a councillor can represent a ward',
          } as const,
        ]
      : []),
    ...(await unknownWards(w, wardIds)).map(
      (i): Issue => ({
        in: 'body',
        path: `wardIds.${i}`,
        code: 'not_found',
        message: 'There is no such ward',
      }),
    ),
  ]
}

const phoneIssues = (phone: string | null | undefined): Issue[] =>
  typeof phone === 'string' && readPhones(phone).length === 0
    ? [{ in: 'body', path: 'phone', code: 'format', message: phoneFault }]
    : []
