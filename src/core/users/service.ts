import { isUniqueViolation } from '../../db/faults'
import { badRequest, conflict } from '../../lib/errors'
import { type RandomBytes, randomString } from '../../lib/random'
import type { Ctx } from '../ctx'
import type { Role } from '../scopes'
import { write } from '../write'
import { getUserByEmail, insertUser, updatePassword } from './store'
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

const emailForm = /^[^\s@]+@[^\s@]+\.[^\s@]+$/
const minPasswordLength = 12
const maxPasswordLength = 200
const safe = ['role', 'active', 'wardIds', 'mustChangePassword']

/** Letters and digits that are not taken for one another when read out. */
const passwordAlphabet = 'abcdefghijkmnpqrstuvwxyz23456789'

/** A password for one use, in four groups of five: 100 bits. */
export const oneTimePassword = (random: RandomBytes) =>
  randomString(random, 20, passwordAlphabet).match(/.{5}/g)?.join('-') as string

const hashPassword = (password: string) => Bun.password.hash(password, 'argon2id')

export async function createUser(ctx: Ctx, input: UserCreate): Promise<UserRow> {
  const email = input.email.trim().toLowerCase()
  if (!emailForm.test(email) || email.length > 254)
    throw badRequest(`"${input.email}" is not an e-mail address`)
  if (input.name.trim() === '') throw badRequest('A user needs a name')
  if (input.password.length < minPasswordLength || input.password.length > maxPasswordLength) {
    throw badRequest(`A password has ${minPasswordLength} to ${maxPasswordLength} characters`)
  }
  const { role, mustChangePassword, wardIds = [] } = input
  // Hashed before the transaction: nothing slow may be awaited inside one.
  const passwordHash = await hashPassword(input.password)
  try {
    return await write(ctx, 'user.create', async (w) => {
      const now = w.clock.now()
      const values = {
        id: input.id ?? w.newId(),
        tenantId: w.tenantId,
        email,
        name: input.name.trim(),
        role,
        passwordHash,
        mustChangePassword,
        createdAt: now,
        updatedAt: now,
      }
      const terms = wardIds.map((wardId) => ({ wardId, startDate: '', endDate: null }))
      const row = await insertUser(w, values, terms)
      const after = { email, name: row.name, role, active: row.active, mustChangePassword, wardIds }
      return { changes: [{ entity: 'user', id: row.id, before: null, after, safe }], result: row }
    })
  } catch (error) {
    if (isUniqueViolation(error)) throw conflict(`There is already a user "${email}"`)
    throw error
  }
}

/** Gives the user a one-time password in place of theirs and returns it. */
export async function resetPassword(ctx: Ctx, email: string, random: RandomBytes): Promise<string> {
  const user = await getUserByEmail(ctx, email)
  const password = oneTimePassword(random)
  const passwordHash = await hashPassword(password)
  await write(ctx, 'user.reset_password', async (w) => {
    await updatePassword(w, user.id, passwordHash)
    const after = { mustChangePassword: true, password: 'replaced' }
    const before = { mustChangePassword: user.mustChangePassword }
    return { changes: [{ entity: 'user', id: user.id, before, after, safe }], result: undefined }
  })
  return password
}
