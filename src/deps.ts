import type { Config } from './config'
import { backfillHeads } from './core/audit/store'
import type { Deps, Maintainer, Secrets } from './core/ctx'
import { readOrStoreFact } from './core/tenants/service'
import { hasTenants, insertStoreFact, readStoreFact } from './core/tenants/store'
import { maintain } from './core/write'
import { openStore } from './db/open'
import type { Store } from './db/store'
import type { KeyEnvironment } from './lib/api-key'
import { systemClock } from './lib/clock'
import { AppError } from './lib/errors'
import { FixedWindow } from './lib/fixed-window'
import { newId } from './lib/id'
import { KeyUses } from './lib/key-use'
import { createLog } from './lib/log'
import { createMailer } from './lib/mail'
import { systemResolve } from './lib/outbound-address'
import { createPasswordHasher } from './lib/password-hash'
import { secureRandom } from './lib/random'
import type { KeyRing } from './lib/seal'
import { loadSecretKeys, makeSecretKey, notItsKey } from './lib/secret-keys'
import { rebuildFigures } from './resources/cases/derived/recount.store'
import { beginRefiling, unfiledUpTo } from './resources/cases/derived/refile.store'
import { fillNameKeys } from './resources/name-keys.store'

const minuteMs = 60_000

/** With demo data, webhook receivers may be on the developer's own machine or network. */
const privateNetworks = ['127.0.0.0/8', '::1', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']

/**
 * Opens the store and builds everything the application depends on. `wanted` is the environment the store must have: a demo
 * store is never served as a council's, nor the other way round.
 */
export async function createDeps(
  config: Config,
  { wanted, ...overrides }: Partial<Deps> & { wanted?: KeyEnvironment } = {},
): Promise<Deps> {
  const clock = overrides.clock ?? systemClock
  const random = overrides.random ?? secureRandom
  const store = overrides.store ?? (await openStore(config, clock))
  const secrets = await secretsOf(config, store)
  const windows = (name: string, windowMs = minuteMs) =>
    config.rateLimitStore === 'database' && store.windows
      ? store.windows(name, windowMs)
      : new FixedWindow(windowMs)
  const deps: Deps = {
    config,
    store,
    environment: wanted ?? 'live',
    secrets,
    clock,
    newId,
    random,
    passwords: createPasswordHasher(),
    keyUses: new KeyUses(),
    outbound: {
      resolve: systemResolve,
      allow: [...config.webhookAllow, ...(wanted === 'test' ? privateNetworks : [])],
    },
    mail: config.smtpUrl && config.mailFrom ? createMailer(config.smtpUrl, config.mailFrom) : null,
    log: createLog({
      level: config.logLevel,
      format: config.logFormat,
      now: clock.now,
      write: (line) => void process.stderr.write(line),
    }),
    limits: {
      keys: windows('keys'),
      failures: windows('failures'),
      visitors: new FixedWindow(minuteMs),
      forms: windows('forms'),
      signIns: windows('sign-ins', 15 * minuteMs),
    },
    ...overrides,
  }
  try {
    deps.environment = await checkEnvironment(deps, wanted)
    await checkKey(deps)
    await backfill(deps)
    if ((await unfiledUpTo(store.read)) === null) await maintain(deps, beginRefiling)
  } catch (error) {
    await store.close()
    throw error
  }
  return deps
}

/** A store gets its key when it is new: for one that holds anything, another key could open nothing. */
async function secretsOf(config: Config, store: Store): Promise<Secrets> {
  try {
    const isNew = (await readStoreFact(store.read, 'key')) === undefined && !(await hasTenants(store.read))
    if (isNew) makeSecretKey(config, secureRandom)
    return await deriveSecrets(loadSecretKeys(config))
  } catch (error) {
    await store.close()
    throw error
  }
}

async function checkEnvironment(deps: Deps, wanted: KeyEnvironment | undefined): Promise<KeyEnvironment> {
  const known = await readOrStoreFact(deps, 'environment', wanted ?? 'live')
  if (wanted !== undefined && known !== wanted) {
    const [kind, command] = known === 'test' ? ['demo', 'reeve dev --data'] : ['live', 'reeve serve']
    throw new AppError('conflict', `The data directory holds a ${kind} database: use "${command}"`)
  }
  return known as KeyEnvironment
}

/** Data sealed under a key that other copies do not have would be lost to them. */
async function checkKey(deps: Deps): Promise<void> {
  const ids = deps.secrets.seal.map(({ id }) => id)
  const known = await readOrStoreFact(deps, 'key', ids.at(-1) as string)
  if (ids.includes(known)) return
  throw new AppError('conflict', notItsKey(deps.config))
}

/** A store from an earlier version lacks some derived data: it is worked out once, from what the store holds. */
async function backfill(deps: Deps): Promise<void> {
  const tasks: [name: string, work: (m: Maintainer) => Promise<void>][] = [
    ['audit-heads', (m) => backfillHeads(m, deps.secrets)],
    ['case-figures', rebuildFigures],
    ['name-keys', fillNameKeys],
  ]
  for (const [name, work] of tasks) {
    if ((await readStoreFact(deps.store.read, name)) !== undefined) continue
    await maintain(deps, async (m) => {
      // Other copies starting at the same time wait here until it is done.
      if (await insertStoreFact(m, name, 'kept')) await work(m)
    })
  }
}

/** Derives the keys for each purpose from the secret keys, newest first. */
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
    setUp: await deriveKey(keys[0] as Uint8Array, 'reeve set-up link'),
  }
}

const deriveHex = async (secret: Uint8Array, purpose: string) =>
  Buffer.from(await deriveKey(secret, purpose)).toString('hex')

/** HKDF-SHA-256: one secret gives an independent key for each purpose. */
async function deriveKey(secret: Uint8Array, purpose: string): Promise<Uint8Array> {
  const material = await crypto.subtle.importKey('raw', new Uint8Array(secret), 'HKDF', false, ['deriveBits'])
  const info = new TextEncoder().encode(purpose)
  const params = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info }
  return new Uint8Array(await crypto.subtle.deriveBits(params, material, 256))
}
