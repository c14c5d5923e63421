import { invalid } from '../../lib/errors'
import { spend } from '../../lib/limits'
import type { RandomBytes } from '../../lib/random'
import type { Ctx, Deps, Writer } from '../ctx'
import { deleteSessionsOf } from '../sessions/store'
import { getUserByEmail, updatePassword } from '../users/store'
import type { UserRow } from '../users/table'
import { appendOccurrences, write } from '../write'
import { deleteLinksOf } from './links.store'
import { assertPassword, oneTimePassword } from './rules'

/** In a quarter of an hour. */
const attempts = 10

/** Changes the user's own password, given the current one. All their other sessions end. */
export async function changePassword(
  ctx: Ctx,
  { limits, clock }: Pick<Deps, 'limits' | 'clock'>,
  user: UserRow,
  { current, password, sessionId }: { current: string; password: string; sessionId: string },
): Promise<void> {
  // Limited, so that nobody can guess the password in a session left open.
  await spend(limits.signIns, `password ${user.id}`, attempts, clock.monotonic())
  if (!(await ctx.passwords.verify(current, user.passwordHash))) {
    throw invalid([{ in: 'body', path: 'current', code: 'rule', message: 'The current password is wrong' }])
  }
  await choosePassword(ctx, user, { password, sessionId })
}

/** Replaces a one-time password that the user has just signed in with. */
export async function choosePassword(
  ctx: Ctx,
  user: UserRow,
  { password, sessionId }: { password: string; sessionId: string },
): Promise<void> {
  await assertPassword(user, ctx.tenant, password)
  if (await ctx.passwords.verify(password, user.passwordHash)) {
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
  const password = oneTimePassword(random)
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
