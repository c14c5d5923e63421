import { invalid } from '../../lib/errors'
import type { RandomBytes } from '../../lib/random'
import { newTypedCode } from '../../lib/typed-code'
import type { Ctx, Deps, Writer } from '../ctx'
import { attempt, attemptIn } from '../sessions/attempts.service'
import { deleteSessionsOf } from '../sessions/store'
import { getUserByEmail, updatePassword } from '../users/store'
import type { UserRow } from '../users/table'
import { appendOccurrences, write } from '../write'
import { deleteLinksOf } from './links.store'
import { assertPassword, typedPassword } from './rules'

/** In fifteen minutes, so that nobody can guess the password in a session left open. */
const wrongPasswords = 10

/** Throws unless this is the user’s password, naming the `current` one as wrong. */
export async function assertOwnPassword(
  ctx: Ctx,
  deps: Pick<Deps, 'limits' | 'clock'>,
  user: UserRow,
  current: string,
): Promise<void> {
  const asked = attemptIn(ctx, { user, kind: 'password', limit: wrongPasswords })
  if (await attempt(deps, asked, () => ctx.passwords.verify(current, user.passwordHash))) return
  throw invalid([{ in: 'body', path: 'current', code: 'rule', message: 'The current password is wrong' }])
}

/** Changes the user's own password, given the current one. All their other sessions end. */
export async function changePassword(
  ctx: Ctx,
  deps: Pick<Deps, 'limits' | 'clock'>,
  user: UserRow,
  { current, password, sessionId }: { current: string; password: string; sessionId: string },
): Promise<void> {
  await assertOwnPassword(ctx, deps, user, current)
  await choosePassword(ctx, user, { password, sessionId })
}

/** Replaces a one-time password that the user has just signed in with. */
export async function choosePassword(
  ctx: Ctx,
  user: UserRow,
  { password, sessionId }: { password: string; sessionId: string },
): Promise<void> {
  await assertPassword(user, ctx.tenant, password)
  if (await ctx.passwords.verify(typedPassword(password, user), user.passwordHash)) {
    throw invalid([
      { in: 'body', path: 'password', code: 'format', message: 'Must not be the current password' },
    ])
  }
  const passwordHash = await ctx.passwords.hash(password)
  await write(ctx, 'user.change_password', async (w) => {
    await setPassword(w, user.id, passwordHash, sessionId)
    return { changes: [], result: undefined }
  })
}

/** Stores the user's choice; ends their links, and all their sessions except `sessionId`. */
export async function setPassword(
  w: Writer,
  userId: string,
  passwordHash: string,
  sessionId?: string,
): Promise<void> {
  await updatePassword(w, userId, { passwordHash, mustChangePassword: false })
  await deleteLinksOf(w, userId)
  const ended = await deleteSessionsOf(w, userId, sessionId)
  await appendOccurrences(w, 'user.change_password', [{ entity: 'user', id: userId, note: { ended } }])
}

/**
 * Gives the user a one-time password and returns it. Their sessions and links end, because whoever holds one could choose the
 * next password.
 */
export async function resetPassword(ctx: Ctx, email: string, random: RandomBytes): Promise<string> {
  const user = await getUserByEmail(ctx, email)
  const password = newTypedCode(random)
  const passwordHash = await ctx.passwords.hash(password)
  await write(ctx, 'user.reset_password', async (w) => {
    await updatePassword(w, user.id, { passwordHash, mustChangePassword: true })
    await deleteSessionsOf(w, user.id)
    await deleteLinksOf(w, user.id)
    const after = { mustChangePassword: true, password: 'replaced' }
    const before = { mustChangePassword: user.mustChangePassword }
    return {
      changes: [{ entity: 'user', id: user.id, before, after, safe: ['mustChangePassword'] }],
      result: undefined,
    }
  })
  return password
}
