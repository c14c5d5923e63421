import { and, eq, ne } from 'drizzle-orm'
import type { Writer } from '../ctx'
import { sessions } from './table'

/** Signs a user of this council out everywhere, but for the session with the id `except`; how many sessions ended. */
export async function deleteSessionsOf(w: Writer, userId: string, except?: string): Promise<number> {
  const ended = await w.db
    .delete(sessions)
    .where(
      and(
        eq(sessions.tenantId, w.tenantId),
        eq(sessions.userId, userId),
        except === undefined ? undefined : ne(sessions.id, except),
      ),
    )
    .returning({ id: sessions.id })
  return ended.length
}
