import sql0 from '../../../drizzle/postgres/0000_foundation.sql' with { type: 'text' }
import sql1 from '../../../drizzle/postgres/0001_resources.sql' with { type: 'text' }
import sql2 from '../../../drizzle/postgres/0002_terms.sql' with { type: 'text' }
import sql3 from '../../../drizzle/postgres/0003_webhooks.sql' with { type: 'text' }
import sql4 from '../../../drizzle/postgres/0004_sessions.sql' with { type: 'text' }
import sql5 from '../../../drizzle/postgres/0005_forgiving.sql' with { type: 'text' }
import type { Migration } from '../migrations'

/** Every released migration, oldest first, embedded in the binary. A released file is never edited. */
export const migrations: readonly Migration[] = [
  { name: '0000_foundation', sql: sql0 },
  { name: '0001_resources', sql: sql1 },
  { name: '0002_terms', sql: sql2 },
  { name: '0003_webhooks', sql: sql3 },
  { name: '0004_sessions', sql: sql4 },
  { name: '0005_forgiving', sql: sql5 },
]
