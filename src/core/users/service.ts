import { normalizeEmail } from '../../lib/contact-details'
import { type Issue, invalid } from '../../lib/errors'
import type { Change } from '../change'
import type { Ctx, Writer } from '../ctx'
import { deleteLinksOf } from '../passwords/links.store'
import { checkPassword } from '../passwords/rules'
import { Strict } from '../schema'
import type { Role } from '../scopes'
import { deleteSessionsOf } from '../sessions/store'
import { inspect } from '../validation'
import { write } from '../write'
import { EmailAddress, Password, UserName } from './model'
import { findUserByEmail, insertUser, updateUser } from './store'
import type { UserRow } from './table'

export type UserCreate = {
  email: string
  name: string
  role: Role
  wardIds?: readonly string[]
  password: string
  /** True for a one-time password, which must be replaced at the first sign-in. */
  mustChangePassword: boolean
  id?: string
}

const auditFields = ['role', 'active', 'wardIds', 'mustChangePassword']

/** Required for every user with a password. */
export const NewUser = Strict({ email: EmailAddress, name: UserName, password: Password })

/** Creates a user with a password; reports every fault of address, name and password at once. */
export async function createUser(ctx: Ctx, input: UserCreate): Promise<UserRow> {
  const { email, name, password, ...rest } = input
  const { issues, sound } = inspect(NewUser, { email, name, password })
  await readEmail(ctx, sound.email, issues)
  await checkPassword(sound, ctx.tenant.name, issues)
  if (issues.length > 0) throw invalid(issues)
  // Hashed before the transaction: nothing slow may be awaited inside one.
  const passwordHash = await ctx.passwords.hash(password)
  return write(ctx, 'user.create', async (w) => {
    // Somebody else may have taken the address meanwhile.
    const address = await readEmail(w, email, issues)
    if (issues.length > 0) throw invalid(issues)
    const { row, change } = await addUser(w, { ...rest, email: address, name: name.trim(), passwordHash })
    return { changes: [change], result: row }
  })
}

/**
 * Every change of a user’s own columns. A new role or deactivation signs them out; a new address, whose old mailbox may be
 * somebody else’s by now, or deactivation ends their password links.
 */
export async function changeUser(w: Writer, before: UserRow, changed: Partial<UserRow>): Promise<UserRow> {
  const row = await updateUser(w, before, changed)
  const isOver = changed.active === false
  if (isOver || 'role' in changed) await deleteSessionsOf(w, before.id)
  if (isOver || 'email' in changed) await deleteLinksOf(w, before.id)
  return row
}

type NewUserRow = Omit<UserCreate, 'password'> & { passwordHash: string }

export async function addUser(
  w: Writer,
  { id = w.newId(), wardIds = [], ...known }: NewUserRow,
): Promise<{ row: UserRow; change: Change }> {
  const now = w.clock.now()
  const terms = wardIds.map((wardId) => ({ wardId, startDate: '', endDate: null }))
  const values = { id, tenantId: w.tenantId, ...known, createdAt: now, updatedAt: now }
  const row = await insertUser(w, values, terms)
  const { email, name, role, active, mustChangePassword } = row
  const after = { email, name, role, active, mustChangePassword, wardIds }
  return { row, change: { entity: 'user', id, before: null, after, safe: auditFields } }
}

/**
 * Normalises an e-mail address. Reports in `issues` one that is malformed, or belongs to a user other than `own`, and returns
 * empty text.
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
      : {
          in: 'body',
          path: 'email',
          code: 'format',
          message: 'Must be an e-mail address, such as name@example.org',
        },
  )
  return ''
}
