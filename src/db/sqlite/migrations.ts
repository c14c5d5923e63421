import sql0 from '../../../drizzle/sqlite/0000_foundation.sql' with { type: 'text' }
import sql1 from '../../../drizzle/sqlite/0001_manners.sql' with { type: 'text' }
import sql2 from '../../../drizzle/sqlite/0002_casework.sql' with { type: 'text' }
import sql3 from '../../../drizzle/sqlite/0003_resources.sql' with { type: 'text' }
import sql4 from '../../../drizzle/sqlite/0004_terms.sql' with { type: 'text' }
import sql5 from '../../../drizzle/sqlite/0005_webhooks.sql' with { type: 'text' }
import sql6 from '../../../drizzle/sqlite/0006_sessions.sql' with { type: 'text' }
import sql7 from '../../../drizzle/sqlite/0007_forgiving.sql' with { type: 'text' }
import type { Migration } from '../migrations'

/** Every released migration, oldest first, embedded in the binary. A released file is never edited. */
export const migrations: readonly Migration[] = [
  { name: '0000_foundation', sql: sql0 },
  { name: '0001_manners', sql: sql1 },
  { name: '0002_casework', sql: sql2 },
  { name: '0003_resources', sql: sql3 },
  { name: '0004_terms', sql: sql4 },
  { name: '0005_webhooks', sql: sql5 },
  { name: '0006_sessions', sql: sql6 },
  { name: '0007_forgiving', sql: sql7 },
]
