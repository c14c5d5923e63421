// Run by tests in a process of its own: holds the write lock of a database for a time, or until it is killed. `alone` holds
// the whole file, as the last process to close a database does.
import { Database } from 'bun:sqlite'

const [path = '', ms = '', mode = ''] = process.argv.slice(2)
const database = new Database(path)
if (mode === 'alone') {
  database.run('PRAGMA locking_mode = EXCLUSIVE')
  database.run('PRAGMA journal_mode = WAL')
}
database.run('BEGIN IMMEDIATE')
process.stdout.write('held')
await Bun.sleep(Number(ms))
database.run('ROLLBACK')
database.close()
