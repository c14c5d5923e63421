import type { Config } from '../config'
import type { Db } from '../db/dialect'
import type { Store } from '../db/open'
import type { KeyEnvironment } from '../lib/api-key'
import type { Clock } from '../lib/clock'
import type { FixedWindow } from '../lib/fixed-window'
import type { NewId } from '../lib/id'
import type { LastUsed } from '../lib/last-used'
import type { Log } from '../lib/log'
import type { RandomBytes } from '../lib/random'
import type { Plan, Role, Scope } from './scopes'

/** Everything the application is built from; tests pass their own. */
export type Deps = {
  config: Config
  store: Store
  /** Which keys are accepted and made: `live` in `serve`, `test` in `dev`. */
  environment: KeyEnvironment
  /** Key of the audit chain, derived from the key file. */
  auditKey: Uint8Array
  clock: Clock
  newId: NewId
  random: RandomBytes
  log: Log
  lastUsed: LastUsed
  limits: { keys: FixedWindow; failures: FixedWindow; visitors: FixedWindow }
}

/** The council whose data it is. */
export type Tenant = {
  id: string
  slug: string
  name: string
  plan: Plan
  timezone: string
  referencePrefix: string
  /** Requests a minute a key; null where the configured limit holds. */
  rateLimit: number | null
}

/** The user a key acts for; their role and wards then bound what it sees. */
export type ActingUser = { id: string; name: string; role: Role; wardIds: readonly string[] }

export type Actor = { type: 'key' | 'cli' | 'system'; id: string; name: string; ip: string | null }

/** Whose data it is and who asks: the first argument of every verb and the only way to a tenant's rows. */
export type Ctx = {
  tenant: Tenant
  tenantId: string
  actor: Actor
  acting: ActingUser | null
  scopes: ReadonlySet<Scope>
  requestId: string
  db: Db
  transact: Store['write']
  auditKey: Uint8Array
  clock: Clock
  newId: NewId
}

declare const writerBrand: unique symbol

/** A `Ctx` whose `db` is an open transaction. Only `write` makes one; every store function that changes rows asks for it. */
export type Writer = Ctx & { readonly [writerBrand]: true }

declare const maintainerBrand: unique symbol

/** An open transaction for housekeeping over all tenants; only `maintain` makes one. */
export type Maintainer = { db: Db; readonly [maintainerBrand]: true }

type CtxInput = Pick<Ctx, 'tenant' | 'actor' | 'requestId'> & Partial<Pick<Ctx, 'acting' | 'scopes'>>

export function createCtx(
  deps: Deps,
  { tenant, actor, requestId, acting = null, scopes = new Set() }: CtxInput,
): Ctx {
  return {
    tenant,
    tenantId: tenant.id,
    actor,
    acting,
    scopes,
    requestId,
    db: deps.store.read,
    transact: deps.store.write,
    auditKey: deps.auditKey,
    clock: deps.clock,
    newId: deps.newId,
  }
}
