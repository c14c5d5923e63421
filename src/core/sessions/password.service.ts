import { type Issue, invalid } from '../../lib/errors'
import { spend } from '../../lib/limits'
import type { Ctx, Deps, Writer } from '../ctx'
import { readPassword } from '../users/service'
import { updatePassword } from '../users/store'
import type { UserRow } from '../users/table'
import { appendOccurrences, write } from '../write'
import { deleteSessionsOf } from './end.store'
import { deleteLinksOf } from './links.store'

/** Refuses a password that the user may not choose. */
export async function assertPassword(
  { tenant }: Ctx,
  { email, name }: UserRow,
  password: string,
): Promise<void> {
  const issues: Issue[] = []
  await readPassword({ email, name, password }, tenant.name, issues)
  if (issues.length > 0) throw invalid(issues)
}

/** Attempts in a quarter of an hour. */
const attempts = 10

/** The user's own new password, for who knows the present one. Every other session of theirs ends. */
export async function changePassword(
  ctx: Ctx,
  { limits, clock }: Pick<Deps, 'limits' | 'clock'>,
  user: UserRow,
  { current, password, sessionId }: { current: string; password: string; sessionId: string },
): Promise<void> {
  // Whoever finds a session open may not guess.
  await spend(limits.signIns, `password ${user.id}`, attempts, clock.monotonic())
  if (!(await ctx.passwords.verify(current, user.passwordHash))) {
    throw invalid([{ in: 'body', path: 'current', code: 'rule', message: 'The present password is wrong' }])
  }
  await choosePassword(ctx, user, { password, sessionId })
}

/** A new password in place of one that was made for the user, who has just signed in by it. */
export async function choosePassword(
  ctx: Ctx,
  user: UserRow,
  { password, sessionId }: { password: string; sessionId: string },
): Promise<void> {
  await assertPassword(ctx, user, password)
  if (await ctx.passwords.verify(password, user.passwordHash)) {
    throw invalid([
      { in: 'body', path: 'password', code: 'format', message: 'Must not be the present password' },
    ])
  }
  const passwordHash = await ctx.passwords.hash(password)
  await write(ctx, 'user.change_password', async (w) => {
    await setPassword(w, user.id, passwordHash, sessionId)
    return { changes: [], result: undefined }
  })
}

/** Sets what the user chose, within a change; ends their links, and their sessions but the one that is named. */
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
