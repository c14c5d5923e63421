// Run by tests in a process of its own: holds the write lock of a database for a time, or until it is killed.
import { Database } from 'bun:sqlite'

const [path = '', ms = ''] = process.argv.slice(2)
const database = new Database(path)
database.run('BEGIN IMMEDIATE')
process.stdout.write('held')
await Bun.sleep(Number(ms))
database.run('ROLLBACK')
