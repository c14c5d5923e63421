import sql0 from '../../../drizzle/postgres/0000_foundation.sql' with { type: 'text' }
import sql1 from '../../../drizzle/postgres/0001_resources.sql' with { type: 'text' }
import sql2 from '../../../drizzle/postgres/0002_terms.sql' with { type: 'text' }
import sql3 from '../../../drizzle/postgres/0003_webhooks.sql' with { type: 'text' }
import sql4 from '../../../drizzle/postgres/0004_sessions.sql' with { type: 'text' }
import sql5 from '../../../drizzle/postgres/0005_website.sql' with { type: 'text' }
import sql6 from '../../../drizzle/postgres/0006_kept-forms.sql' with { type: 'text' }
import sql7 from '../../../drizzle/postgres/0007_phones.sql' with { type: 'text' }
import sql8 from '../../../drizzle/postgres/0008_case-words.sql' with { type: 'text' }
import sql9 from '../../../drizzle/postgres/0009_names.sql' with { type: 'text' }
import type { Migration } from '../migrations'

/** Every released migration, oldest first, embedded in the binary. A released file is never edited. */
export const migrations: readonly Migration[] = [
  { name: '0000_foundation', sql: sql0 },
  { name: '0001_resources', sql: sql1 },
  { name: '0002_terms', sql: sql2 },
  { name: '0003_webhooks', sql: sql3 },
  { name: '0004_sessions', sql: sql4 },
  { name: '0005_website', sql: sql5 },
  { name: '0006_kept-forms', sql: sql6 },
  { name: '0007_phones', sql: sql7 },
  { name: '0008_case-words', sql: sql8 },
  { name: '0009_names', sql: sql9 },
]
