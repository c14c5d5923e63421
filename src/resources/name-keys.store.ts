import { asc, eq, gt } from 'drizzle-orm'
import type { Maintainer } from '../core/ctx'
import { users } from '../core/users/table'
import { nameKeys } from '../lib/name-keys'
import { categories } from './categories/table'
import { eventKeys } from './events/store'
import { events } from './events/table'
import { newsKeys } from './news/store'
import { news } from './news/table'
import { wardKeys } from './wards/store'
import { wards } from './wards/table'

const perRead = 500

type Named = typeof users | typeof wards | typeof categories | typeof news | typeof events
type Keys = ReturnType<typeof nameKeys>

async function fill<T extends Named>(
  { db }: Maintainer,
  table: T,
  keysOf: (row: T['$inferSelect']) => Keys,
): Promise<void> {
  // The builder’s types accept one table, not one of several.
  const one = table as typeof users
  for (let last = ''; ; ) {
    const rows = await db.select().from(one).where(gt(one.id, last)).orderBy(asc(one.id)).limit(perRead)
    for (const row of rows) await db.update(one).set(keysOf(row)).where(eq(one.id, row.id))
    const end = rows.at(-1)
    if (end === undefined) return
    last = end.id
  }
}

/** Rows from an earlier version have no sort keys and search texts yet. */
export async function fillNameKeys(m: Maintainer): Promise<void> {
  await fill(m, users, ({ name }) => nameKeys(name))
  await fill(m, categories, ({ name }) => nameKeys(name))
  await fill(m, wards, wardKeys)
  await fill(m, news, newsKeys)
  await fill(m, events, eventKeys)
}
