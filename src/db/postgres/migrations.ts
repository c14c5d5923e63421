import sql0 from '../../../drizzle/postgres/0000_foundation.sql' with { type: 'text' }
import type { Migration } from '../migrations'

/** Every released migration, oldest first, embedded in the binary. A released file is never edited. */
export const migrations: readonly Migration[] = [{ name: '0000_foundation', sql: sql0 }]
