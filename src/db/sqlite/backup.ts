import { Database } from 'bun:sqlite'
import { chmodSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { giveToOwner, makeFile, place } from '../../lib/durable-file'
import { AppError } from '../../lib/errors'

export const backupsIn = (directory: string) => join(directory, 'backups')

/** Complete, checked and on the disk before it gets its name. */
export function backUp(connection: Database, directory: string, now: Date): string {
  const folder = backupsIn(directory)
  const path = join(folder, `before-migration-${now.toISOString().replace(/[:.]/g, '-')}.db`)
  const draft = `${path}.new`
  try {
    makeFile(draft)
    connection.query('VACUUM INTO ?').run(draft)
    assertWhole(draft)
    chmodSync(draft, 0o600)
    giveToOwner(draft)
    place(draft, path)
  } finally {
    rmSync(draft, { force: true })
  }
  return path
}

function assertWhole(path: string): void {
  const copy = new Database(path, { readonly: true })
  try {
    const [[result]] = copy.query('PRAGMA quick_check(1)').values() as [[string]]
    if (result !== 'ok') throw new AppError('unavailable', `The database is damaged: ${result}`)
  } finally {
    copy.close()
  }
}
