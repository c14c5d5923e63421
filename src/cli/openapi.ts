import { devNull } from 'node:os'
import type { Command } from 'commander'
import { createApp } from '../app'
import { loadConfig } from '../config'
import type { Deps } from '../core/ctx'
import { deriveSecrets } from '../deps'
import { systemClock } from '../lib/clock'
import { AppError } from '../lib/errors'
import { FixedWindow } from '../lib/fixed-window'
import { newId } from '../lib/id'
import { KeyUses } from '../lib/key-use'
import { silentLog } from '../lib/log'
import { secureRandom } from '../lib/random'
import { print } from './support'

export function addOpenApiCommand(program: Command): void {
  program
    .command('openapi')
    .description('print the API’s OpenAPI document; needs neither a database nor a server')
    .action(async () => print(JSON.stringify(await readDocument(), null, 2)))
}

async function readDocument(): Promise<unknown> {
  const { handle } = createApp(await depsWithoutStore())
  const request = new Request('http://localhost/swagger/json', { headers: { host: 'localhost' } })
  const answer = await handle(request, '127.0.0.1')
  if (!answer.ok) throw new AppError('internal', `The document could not be made: status ${answer.status}`)
  return answer.json()
}

function untouchable(): never {
  throw new AppError('internal', 'The document must not need a database')
}

/** Routes can be listed without a data directory or store. */
async function depsWithoutStore(): Promise<Deps> {
  const window = () => new FixedWindow(60_000)
  return {
    config: loadConfig({ REEVE_DATA: devNull }),
    store: {
      engine: 'sqlite',
      read: new Proxy({} as Deps['store']['read'], { get: untouchable }),
      write: untouchable,
      slowRead: untouchable,
      snapshot: untouchable,
      leads: async () => false,
      windows: null,
      commits: () => 0,
      ping: untouchable,
      quickCheck: untouchable,
      refuseChanges: untouchable,
      close: async () => {},
    },
    environment: 'live',
    secrets: await deriveSecrets([secureRandom(32)]),
    clock: systemClock,
    newId,
    random: secureRandom,
    log: silentLog,
    passwords: { hash: untouchable, verify: untouchable },
    keyUses: new KeyUses(),
    outbound: { resolve: untouchable, allow: [] },
    mail: null,
    limits: {
      keys: window(),
      failures: window(),
      visitors: window(),
      forms: window(),
      signIns: window(),
    },
  }
}
