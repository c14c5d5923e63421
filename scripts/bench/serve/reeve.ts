// Reeve itself, as `reeve serve` starts it: serve/reeve.ts DIRECTORY.
import { createApp } from '../../../src/app'
import { loadConfig } from '../../../src/config'
import { createDeps } from '../../../src/deps'
import { listen } from '../../../src/http/server'
import { startDispatcher } from '../../../src/jobs/dispatcher'
import { announce } from '../servers'

const config = loadConfig({
  REEVE_DATA: process.argv[2],
  REEVE_PORT: '0',
  REEVE_RATE_LIMIT: '1000000000',
  REEVE_LOG_LEVEL: 'error',
  // Clients of a benchmark have many addresses.
  REEVE_TRUSTED_PROXIES: '127.0.0.1',
})
const deps = await createDeps(config, { wanted: 'live' })
const server = listen(deps, createApp(deps).handle)
// Part of the cost of a change is the work that it leaves for the dispatcher.
const dispatcher = startDispatcher(deps)
await announce(Number(new URL(server.url).port), async () => {
  await dispatcher.stop()
  await server.stop()
  await deps.store.close()
})
