import type { Command } from 'commander'
import { loadConfig } from '../config'
import { resealEvents } from '../core/reseal.service'
import { resealSecondFactors } from '../core/second-factor/service'
import { requireNewestKey } from '../core/tenants/service'
import { counted } from '../dashboard/words'
import { lockStore } from '../db/open'
import { addKey } from '../lib/key-file'
import { secureRandom } from '../lib/random'
import { keyFileOf } from '../lib/secret-keys'
import { resealResidents } from '../resources/cases/residents/service'
import { resealEndpoints, resealReplies } from '../resources/webhooks/housekeeping.service'
import { print, withDeps } from './support'

export function addRotateKeyCommand(program: Command): void {
  program
    .command('rotate-key')
    .description(
      'encrypt residents’ details and the secrets of webhooks and users under a new key; stop the server first',
    )
    .action(async () => {
      const config = loadConfig()
      // A running server would not know the new key.
      const lock = await lockStore(config, 'alone')
      try {
        const path = keyFileOf(config)
        if (path !== null) await withDeps(async () => addKey(path, secureRandom), config)
        const resealed = await withDeps(async (deps) => {
          const residents = await resealResidents(deps)
          const events = await resealEvents(deps)
          const webhooks = await resealEndpoints(deps)
          await resealReplies(deps)
          const factors = await resealSecondFactors(deps)
          await requireNewestKey(deps)
          return { residents, events, webhooks, factors }
        }, config)
        const { residents, events, webhooks, factors } = resealed
        const done = [
          counted(residents, 'resident'),
          counted(events, 'event'),
          counted(webhooks, 'webhook'),
          counted(factors, 'second factor'),
        ]
        print(`Encrypted under the newest key: ${done.join(', ')}.`)
        print(
          path === null
            ? 'The keys come from REEVE_SECRET_KEY: to use a new key, put it first there before running this command.'
            : `Keep ${path}, which also holds the older keys, and replace every copy that you have of it.`,
        )
      } finally {
        await lock.release()
      }
    })
}
