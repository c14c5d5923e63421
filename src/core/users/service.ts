import { type Issue, invalid } from '../../lib/errors'
import { normalizeEmail } from '../../lib/personal-data'
import { type RandomBytes, randomString } from '../../lib/random'
import type { Change } from '../change'
import type { Ctx, Writer } from '../ctx'
import { Strict } from '../schema'
import type { Role } from '../scopes'
import { deleteSessionsOf } from '../sessions/end.store'
import { deleteLinksOf } from '../sessions/links.store'
import { inspect } from '../validation'
import { write } from '../write'
import { EmailAddress, Password, UserName } from './model'
import { passwordFault } from './passwords'
import { findUserByEmail, getUserByEmail, insertUser, updatePassword } from './store'
import type { UserRow } from './table'

export type UserCreate = {
  email: string
  name: string
  role: Role
  wardIds?: readonly string[]
  password: string
  /** True for a password that was made for the user and must be replaced at the first sign-in. */
  mustChangePassword: boolean
  id?: string
}

const safe = ['role', 'active', 'wardIds', 'mustChangePassword']

/** Letters and digits that are not taken for one another when read out. */
const passwordAlphabet = 'abcdefghijkmnpqrstuvwxyz23456789'

/** A password for one use, in four groups of five: 100 bits. */
export const oneTimePassword = (random: RandomBytes) =>
  randomString(random, 20, passwordAlphabet).match(/.{5}/g)?.join('-') as string

/** What every user needs who has a password. */
export const NewUser = Strict({ email: EmailAddress, name: UserName, password: Password })

/** Makes a user with a password; every fault of address, name and password is named. */
export async function createUser(ctx: Ctx, input: UserCreate): Promise<UserRow> {
  const { email, name, password, ...rest } = input
  const { issues, sound } = inspect(NewUser, { email, name, password })
  await readEmail(ctx, sound.email, issues)
  await readPassword(sound, ctx.tenant.name, issues)
  if (issues.length > 0) throw invalid(issues)
  // Hashed before the transaction: nothing slow may be awaited inside one.
  const passwordHash = await ctx.passwords.hash(password)
  return write(ctx, 'user.create', async (w) => {
    // Somebody may have been quicker.
    const address = await readEmail(w, email, issues)
    if (issues.length > 0) throw invalid(issues)
    const { row, change } = await addUser(w, { ...rest, email: address, name: name.trim(), passwordHash })
    return { changes: [change], result: row }
  })
}

type Known = Omit<UserCreate, 'password'> & { passwordHash: string }

/** Adds a user within a change. */
export async function addUser(
  w: Writer,
  { id = w.newId(), wardIds = [], ...known }: Known,
): Promise<{ row: UserRow; change: Change }> {
  const now = w.clock.now()
  const terms = wardIds.map((wardId) => ({ wardId, startDate: '', endDate: null }))
  const values = { id, tenantId: w.tenantId, ...known, createdAt: now, updatedAt: now }
  const row = await insertUser(w, values, terms)
  const { email, name, role, active, mustChangePassword } = row
  const after = { email, name, role, active, mustChangePassword, wardIds }
  return { row, change: { entity: 'user', id, before: null, after, safe } }
}

/** Adds to `issues` what is wrong with a password that somebody chooses; none is given where it was no text. */
export async function readPassword(
  { email = '', name = '', password }: Partial<Record<'email' | 'name' | 'password', string>>,
  council: string,
  issues: Issue[],
): Promise<void> {
  const fault = password === undefined ? null : await passwordFault(password, { email, name, council })
  if (fault !== null) issues.push({ in: 'body', path: 'password', code: 'format', message: fault })
}

/**
 * An address in its one form. Adds to `issues` where it is none, or where another user than the one with the id `own` has
 * it; empty then, and where none is given.
 */
export async function readEmail(
  ctx: Ctx,
  text: string | undefined,
  issues: Issue[],
  own?: string,
): Promise<string> {
  if (text === undefined) return ''
  const email = normalizeEmail(text) ?? ''
  const user = email === '' ? undefined : await findUserByEmail(ctx, email)
  const isTaken = user !== undefined && user.id !== own
  if (email !== '' && !isTaken) return email
  issues.push(
    isTaken
      ? { in: 'body', path: 'email', code: 'taken', message: 'Already used by another user' }
      : { in: 'body', path: 'email', code: 'format', message: 'Is not an e-mail address' },
  )
  return ''
}

/**
 * Gives the user a one-time password in place of theirs and returns it. Their sessions and links end: whoever has one could
 * choose the next password.
 */
export async function resetPassword(ctx: Ctx, email: string, random: RandomBytes): Promise<string> {
  const user = await getUserByEmail(ctx, email)
  const password = oneTimePassword(random)
  const passwordHash = await ctx.passwords.hash(password)
  await write(ctx, 'user.reset_password', async (w) => {
    await updatePassword(w, user.id, { passwordHash, mustChangePassword: true })
    await deleteSessionsOf(w, user.id)
    await deleteLinksOf(w, user.id)
    const after = { mustChangePassword: true, password: 'replaced' }
    const before = { mustChangePassword: user.mustChangePassword }
    return { changes: [{ entity: 'user', id: user.id, before, after, safe }], result: undefined }
  })
  return password
}
