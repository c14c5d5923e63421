import { desc, eq } from 'drizzle-orm'
import type { Db } from '../db/dialect'
import { auditEntries } from './audit/table'
import { listTenants } from './tenants/store'

/** The latest instant at which any council was changed; null in a store without one. */
export async function newestInstant(db: Db): Promise<Date | null> {
  let newest: Date | null = null
  for (const { id, updatedAt } of await listTenants(db)) {
    const [entry] = await db
      .select({ at: auditEntries.at })
      .from(auditEntries)
      .where(eq(auditEntries.tenantId, id))
      .orderBy(desc(auditEntries.at), desc(auditEntries.seq))
      .limit(1)
    for (const at of [updatedAt, entry?.at]) if (at && (newest === null || at > newest)) newest = at
  }
  return newest
}
