// Run by killed.test.ts: serves a data directory; told so, it kills itself after a commit and before the answer.
import { createApp } from '../../src/app'
import { loadConfig } from '../../src/config'
import { openStore } from '../../src/db/open'
import type { Store } from '../../src/db/store'
import { createDeps } from '../../src/deps'
import { listen } from '../../src/http/server'
import { systemClock } from '../../src/lib/clock'
import { silentLog } from '../../src/lib/log'

const [directory, when] = process.argv.slice(2)
const config = loadConfig({ REEVE_DATA: directory, REEVE_PORT: '0' })
const store = await openStore(config, systemClock)
const deadly: Store = {
  ...store,
  write: async (job) => {
    const result = await store.write(job)
    if (when === 'kill-after-commit') process.kill(process.pid, 'SIGKILL')
    return result
  },
}
const deps = await createDeps(config, { store: deadly, log: silentLog })
process.stdout.write(`${listen(deps, createApp(deps).handle).url}\n`)
