import { type Config, loadSecretKeys } from './config'
import type { Deps, Secrets } from './core/ctx'
import { keepStoreFact, readStoreFact } from './core/tenants/store'
import { maintain } from './core/write'
import { openStore } from './db/open'
import type { KeyEnvironment } from './lib/api-key'
import { systemClock } from './lib/clock'
import { AppError } from './lib/errors'
import { FixedWindow } from './lib/fixed-window'
import { newId } from './lib/id'
import { LastUsed } from './lib/last-used'
import { createLog } from './lib/log'
import { secureRandom } from './lib/random'
import type { KeyRing } from './lib/seal'

const minuteMs = 60_000

/**
 * Opens the store of the data directory and gathers all that the application stands on. `wanted` is the
 * environment the store must have: a demo store is never served as a council's, nor the reverse.
 */
export async function createDeps(
  config: Config,
  { wanted, ...overrides }: Partial<Deps> & { wanted?: KeyEnvironment } = {},
): Promise<Deps> {
  const clock = overrides.clock ?? systemClock
  const random = overrides.random ?? secureRandom
  const keys = loadSecretKeys(config, secureRandom)
  const store = overrides.store ?? openStore(config.data, clock)
  const deps: Deps = {
    config,
    store,
    environment: wanted ?? 'live',
    secrets: await deriveSecrets(keys),
    clock,
    newId,
    random,
    lastUsed: new LastUsed(),
    log: createLog({
      level: config.logLevel,
      format: config.logFormat,
      now: clock.now,
      write: (line) => void process.stderr.write(line),
    }),
    limits: {
      keys: new FixedWindow(minuteMs),
      failures: new FixedWindow(minuteMs),
      visitors: new FixedWindow(minuteMs),
    },
    ...overrides,
  }
  deps.environment = await settleEnvironment(deps, wanted)
  return deps
}

async function settleEnvironment(deps: Deps, wanted: KeyEnvironment | undefined): Promise<KeyEnvironment> {
  const known = await readStoreFact(deps.store.read, 'environment')
  if (known === undefined) {
    const environment = wanted ?? 'live'
    await maintain(deps, (m) => keepStoreFact(m, 'environment', environment))
    return environment
  }
  if (wanted !== undefined && known !== wanted) {
    await deps.store.close()
    const [is, use] = known === 'test' ? ['demo', 'reeve dev --data'] : ['live', 'reeve serve']
    throw new AppError('conflict', `The data directory holds a ${is} store: use "${use}"`)
  }
  return known as KeyEnvironment
}

/** The keys of each purpose, from the secret keys, the newest first. */
export async function deriveSecrets(keys: readonly Uint8Array[]): Promise<Secrets> {
  const ids = await Promise.all(keys.map(async (key) => (await deriveHex(key, 'reeve key id')).slice(0, 8)))
  const ring = async (purpose: string) =>
    (await Promise.all(
      keys.map(async (key, i) => ({ id: ids[i] as string, key: await deriveKey(key, purpose) })),
    )) as unknown as KeyRing
  const [audit, cursors] = [await ring('reeve audit chain'), await ring('reeve list cursors')]
  return {
    audit,
    cursor: cursors[0].key,
    seal: await ring('reeve sealed data'),
    match: await ring('reeve equality hashes'),
  }
}

const deriveHex = async (secret: Uint8Array, purpose: string) =>
  Buffer.from(await deriveKey(secret, purpose)).toString('hex')

/** A key of its own for each purpose, from the one secret (HKDF-SHA-256). */
async function deriveKey(secret: Uint8Array, purpose: string): Promise<Uint8Array> {
  const material = await crypto.subtle.importKey('raw', new Uint8Array(secret), 'HKDF', false, ['deriveBits'])
  const info = new TextEncoder().encode(purpose)
  const params = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info }
  return new Uint8Array(await crypto.subtle.deriveBits(params, material, 256))
}
