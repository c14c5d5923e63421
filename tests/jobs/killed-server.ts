// Run by killed.test.ts: serves the store that the environment names, and delivers, by a clock that runs faster than time.
import { createApp } from '../../src/app'
import { loadConfig } from '../../src/config'
import { createDeps } from '../../src/deps'
import { listen } from '../../src/http/server'
import { startDispatcher } from '../../src/jobs/dispatcher'
import { systemClock } from '../../src/lib/clock'
import { silentLog } from '../../src/lib/log'

const [start, times] = process.argv.slice(2).map(Number) as [number, number]
const now = () => new Date(start + (Date.now() - start) * times)
const deps = await createDeps(loadConfig(), { clock: { ...systemClock, now }, log: silentLog })
process.stdout.write(`${listen(deps, createApp(deps).handle).url}\n`)
startDispatcher(deps)
