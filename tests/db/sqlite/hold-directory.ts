// Run by tests in a process of its own: holds a data directory until it is killed.
import { lockDirectory } from '../../../src/db/sqlite/lock'

lockDirectory(process.argv[2] ?? '')
process.stdout.write('held')
await Bun.sleep(30_000)
