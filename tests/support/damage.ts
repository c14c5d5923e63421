import { closeSync, openSync, statSync, writeSync } from 'node:fs'
import { storeFile } from '../../src/db/sqlite/open'
import { openBeside, type Place, runBeside } from './beside'

const pageBytes = 4_096

/** Changes one letter of a sealed value, as a failing disk would. */
export const damageSealed = (place: Place, table: string, column: string, where: string): Promise<void> =>
  runBeside(
    place,
    `UPDATE ${table} SET ${column} = substr(${column}, 1, 29) ||
      CASE substr(${column}, 30, 1) WHEN 'A' THEN 'B' ELSE 'A' END || substr(${column}, 31) WHERE ${where}`,
  )

function zero({ config }: Place, chosen: (pages: number) => readonly number[]): void {
  const path = storeFile(config.data)
  const file = openSync(path, 'r+')
  for (const page of chosen(statSync(path).size / pageBytes))
    writeSync(file, Buffer.alloc(pageBytes), 0, pageBytes, page * pageBytes)
  closeSync(file)
}

/** Overwrites pages in the middle of the file with zeros, as a failing disk does. */
export async function damagePages(place: Place): Promise<void> {
  await runBeside(place, 'PRAGMA wal_checkpoint(TRUNCATE)')
  zero(place, (pages) => Array.from({ length: Math.ceil((pages - 30) / 3) }, (_, i) => 30 + 3 * i))
}

/** The same with the page where a table begins. */
export async function damageTable(place: Place, table: string): Promise<void> {
  const beside = openBeside(place)
  const [[page]] = (await beside.rows('SELECT rootpage FROM sqlite_schema WHERE name = ?', [table])) as [
    [number],
  ]
  await beside.close()
  zero(place, () => [page - 1])
}
