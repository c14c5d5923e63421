// Run by interrupted-import.test.ts: imports a file of cases as the command line does; told so, it kills itself after so many
// commits of the import.
import { loadConfig } from '../../../src/config'
import { consoleCtx } from '../../../src/core/tenants/service'
import { openStore } from '../../../src/db/open'
import { createDeps } from '../../../src/deps'
import { systemClock } from '../../../src/lib/clock'
import { silentLog } from '../../../src/lib/log'
import { importCases } from '../../../src/resources/cases/files/import.service'
import { parseCases } from '../../../src/resources/cases/files/parse'

const [directory = '', file = '', last = ''] = process.argv.slice(2)
const config = loadConfig({ REEVE_DATA: directory })
const deps = await createDeps(config, { store: await openStore(config, systemClock), log: silentLog })
const actor = { type: 'cli', id: 'test', name: 'test', ip: null } as const
const ctx = await consoleCtx(deps, 'avon', actor)
let commits = 0
ctx.transact = async (job) => {
  const result = await deps.store.write(job)
  if (++commits === Number(last)) process.kill(process.pid, 'SIGKILL')
  return result
}
const records = parseCases(await Bun.file(file).bytes(), ctx.tenant.timezone)
process.stdout.write(`${JSON.stringify(await importCases(ctx, records, () => {}, { sliceRows: 200 }))}\n`)
await deps.store.close()
