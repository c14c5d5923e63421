import sql0 from '../../../drizzle/sqlite/0000_foundation.sql' with { type: 'text' }
import sql1 from '../../../drizzle/sqlite/0001_manners.sql' with { type: 'text' }
import sql2 from '../../../drizzle/sqlite/0002_casework.sql' with { type: 'text' }
import sql3 from '../../../drizzle/sqlite/0003_resources.sql' with { type: 'text' }
import sql4 from '../../../drizzle/sqlite/0004_terms.sql' with { type: 'text' }
import sql5 from '../../../drizzle/sqlite/0005_webhooks.sql' with { type: 'text' }
import sql6 from '../../../drizzle/sqlite/0006_sessions.sql' with { type: 'text' }
import sql7 from '../../../drizzle/sqlite/0007_website.sql' with { type: 'text' }
import sql8 from '../../../drizzle/sqlite/0008_kept-forms.sql' with { type: 'text' }
import sql9 from '../../../drizzle/sqlite/0009_phones.sql' with { type: 'text' }
import sql10 from '../../../drizzle/sqlite/0010_case-words.sql' with { type: 'text' }
import sql11 from '../../../drizzle/sqlite/0011_names.sql' with { type: 'text' }
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
  { name: '0007_website', sql: sql7 },
  { name: '0008_kept-forms', sql: sql8 },
  { name: '0009_phones', sql: sql9 },
  { name: '0010_case-words', sql: sql10 },
  { name: '0011_names', sql: sql11 },
]
