import { and, asc, eq, gt, isNotNull, lt } from 'drizzle-orm'
import { beginsOtherwise } from '../../db/conditions'
import type { Db } from '../../db/dialect'
import type { Snapshot } from '../../db/store'
import { seal, unseal } from '../../lib/seal'
import type { Ctx, Maintainer, Secrets, Writer } from '../ctx'
import { type SecondFactorRow, secondFactors } from './table'

const bindingOf = (userId: string) => `second factor of ${userId}`

export const sealSecret = ({ secrets }: Pick<Ctx, 'secrets'>, userId: string, secret: string): string =>
  seal(secrets.seal, secret, bindingOf(userId))

/** Null if it cannot be opened. */
export const openSecret = (
  { secrets }: Pick<Ctx, 'secrets'>,
  { userId, secret }: Pick<SecondFactorRow, 'userId' | 'secret'>,
): string | null => unseal(secrets.seal, secret, bindingOf(userId))

/** Sealed together with the session’s id, so that the secret is useless in any other session. */
export const sealUnconfirmed = (
  ctx: Pick<Ctx, 'secrets'>,
  userId: string,
  secret: string,
  sessionId: string,
): string => sealSecret(ctx, userId, `${secret} ${sessionId}`)

/** Null if it was shown in another session, or cannot be opened. */
export function openUnconfirmed(
  ctx: Pick<Ctx, 'secrets'>,
  row: Pick<SecondFactorRow, 'userId' | 'secret'>,
  sessionId: string,
): string | null {
  const [secret = '', shownIn] = (openSecret(ctx, row) ?? '').split(' ')
  return shownIn === sessionId ? secret : null
}

const mine = ({ tenantId }: Pick<Ctx, 'tenantId'>, userId: string) =>
  and(eq(secondFactors.tenantId, tenantId), eq(secondFactors.userId, userId))

export async function findSecondFactor(ctx: Ctx, userId: string): Promise<SecondFactorRow | undefined> {
  const [row] = await ctx.db.select().from(secondFactors).where(mine(ctx, userId)).limit(1)
  return row
}

/** True once the user has confirmed a second factor. */
export async function hasSecondFactor({ db }: Ctx, userId: string): Promise<boolean> {
  const rows = await db
    .select({ userId: secondFactors.userId })
    .from(secondFactors)
    .where(and(eq(secondFactors.userId, userId), isNotNull(secondFactors.confirmedAt)))
    .limit(1)
  return rows.length > 0
}

export async function insertSecondFactor(
  w: Writer,
  values: typeof secondFactors.$inferInsert,
): Promise<void> {
  await w.db.insert(secondFactors).values(values)
}

export async function updateSecondFactor(
  w: Writer,
  userId: string,
  values: Partial<SecondFactorRow>,
): Promise<void> {
  await w.db.update(secondFactors).set(values).where(mine(w, userId))
}

/** Uses up a time step; false if it, or a later one, has been used before. */
export async function takeStep(w: Writer, userId: string, step: number): Promise<boolean> {
  const taken = await w.db
    .update(secondFactors)
    .set({ lastStep: step })
    .where(and(mine(w, userId), lt(secondFactors.lastStep, step)))
    .returning({ userId: secondFactors.userId })
  return taken.length > 0
}

export async function deleteSecondFactor(w: Writer, userId: string): Promise<boolean> {
  const gone = await w.db
    .delete(secondFactors)
    .where(mine(w, userId))
    .returning({ userId: secondFactors.userId })
  return gone.length > 0
}

/** Second factors of all councils whose secret is sealed under an older key. */
export const listOutdated = (
  db: Db,
  { seal: [newest] }: Secrets,
  limit: number,
): Promise<SecondFactorRow[]> =>
  db
    .select()
    .from(secondFactors)
    .where(beginsOtherwise(secondFactors.secret, `${newest.id}.`))
    .limit(limit)

/** Seals the secret under the newest key. */
export async function reseal(m: Maintainer, secrets: Secrets, row: SecondFactorRow): Promise<boolean> {
  const opened = openSecret({ secrets }, row)
  if (opened === null) return false
  const secret = sealSecret({ secrets }, row.userId, opened)
  await m.db.update(secondFactors).set({ secret }).where(eq(secondFactors.userId, row.userId))
  return true
}

const perRead = 500
const maxFaults = 20

/** Second factors whose secret cannot be opened with any key; the search stops after 20 or a few more. */
export async function secondFactorFaults({ db }: Snapshot, secrets: Secrets): Promise<string[]> {
  const faults: string[] = []
  let last = ''
  for (;;) {
    const rows = await db
      .select()
      .from(secondFactors)
      .where(gt(secondFactors.userId, last))
      .orderBy(asc(secondFactors.userId))
      .limit(perRead)
    for (const row of rows) {
      last = row.userId
      if (openSecret({ secrets }, row) === null) {
        faults.push(`the second factor of user ${row.userId} cannot be opened`)
      }
    }
    if (rows.length < perRead || faults.length >= maxFaults) return faults
  }
}
