import { asc, eq } from 'drizzle-orm'
import { sessions } from '../../src/core/sessions/table'
import type { UserRow } from '../../src/core/users/table'
import type { TestApp } from './app'

/** Stores a session of this user whose token no browser has; returns its id. */
export async function signIn({ deps }: TestApp, { id: userId, tenantId }: UserRow): Promise<string> {
  const id = deps.newId()
  const createdAt = deps.clock.now()
  const expiresAt = new Date(createdAt.getTime() + 3_600_000)
  await deps.store.write(async (tx) => {
    await tx.insert(sessions).values({ id, tenantId, userId, createdAt, expiresAt })
  })
  return id
}

/** The ids of a user’s sessions, in order. */
export async function sessionsOf({ deps }: TestApp, userId: string): Promise<string[]> {
  const rows = await deps.store.read
    .select({ id: sessions.id })
    .from(sessions)
    .where(eq(sessions.userId, userId))
    .orderBy(asc(sessions.id))
  return rows.map(({ id }) => id)
}
