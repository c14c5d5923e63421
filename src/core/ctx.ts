import type { Config } from '../config'
import type { Db } from '../db/dialect'
import type { Store } from '../db/store'
import type { KeyEnvironment } from '../lib/api-key'
import type { Nation } from '../lib/bank-holidays'
import type { Clock } from '../lib/clock'
import type { Windows } from '../lib/fixed-window'
import type { NewId } from '../lib/id'
import type { KeyUses } from '../lib/key-use'
import type { Log } from '../lib/log'
import type { Mailer } from '../lib/mail'
import type { Outbound } from '../lib/outbound-address'
import type { PasswordHasher } from '../lib/password-hash'
import type { RandomBytes } from '../lib/random'
import type { KeyRing } from '../lib/seal'
import type { CalendarChanges, DayType } from '../lib/workdays'
import type { Plan, Role, Scope } from './scopes'

/** Keys for one purpose each, derived from those of the key file. */
export type Secrets = {
  /** Chains the audit entries. */
  audit: KeyRing
  /** Signs places in lists. */
  cursor: Uint8Array
  /** Seals personal data. */
  seal: KeyRing
  /** Hashes personal data, so that what is equal can be found. */
  match: KeyRing
  /** What the link holds by which the first council is set up. */
  setUp: Uint8Array
}

/** Everything the application is built from; tests pass their own. */
export type Deps = {
  config: Config
  store: Store
  /** Which keys are accepted and made: `live` in `serve`, `test` in `dev`. */
  environment: KeyEnvironment
  secrets: Secrets
  /** Tests pass one that is cheap. */
  passwords: PasswordHasher
  clock: Clock
  newId: NewId
  random: RandomBytes
  log: Log
  keyUses: KeyUses
  /** How other systems are called. */
  outbound: Outbound
  /** How letters are sent; null where no mail server is set up. */
  mail: Mailer | null
  limits: { keys: Windows; failures: Windows; visitors: Windows; forms: Windows; signIns: Windows }
}

/** The council whose data it is. */
export type Tenant = {
  id: string
  slug: string
  name: string
  plan: Plan
  timezone: string
  nation: Nation
  /** Where its days off differ from its nation's bank holidays. */
  calendar: CalendarChanges
  /** Days to resolve a case in whose category sets no target; null for none. */
  targetDays: number | null
  targetDayType: DayType
  /** Working days after which a resolved case is closed; null for never. */
  reopenWindowDays: number | null
  referencePrefix: string
  /** Requests a minute a key; null where the configured limit holds. */
  rateLimit: number | null
  /** Web origins whose pages may read the API's answers. */
  corsOrigins: readonly string[]
  /** Months after its closing that a case is kept; null for as long as nobody erases it. */
  retentionMonths: number | null
  /** Published figures below this are left out. */
  publicMinCell: number
  webhooksPersonalData: boolean
  open311Enabled: boolean
  /** Whether admins sign in to the dashboard with a second factor only. */
  requireSecondFactor: boolean
}

/** The user a key acts for; their role and wards then bound what it sees. */
export type ActingUser = { id: string; name: string; role: Role; wardIds: readonly string[] }

export type Actor = {
  type: 'key' | 'user' | 'cli' | 'system' | 'public'
  id: string
  name: string
  ip: string | null
}

/** A client's wish that a request sent twice takes effect once. */
export type Idempotency = {
  key: string
  fingerprint: string
  /** Set when the answer is one given before. */
  isReplayed: boolean
}

/** Whose data it is and who asks: the first argument of every verb and the only way to a tenant's rows. */
export type Ctx = {
  tenant: Tenant
  tenantId: string
  actor: Actor
  acting: ActingUser | null
  scopes: ReadonlySet<Scope>
  requestId: string
  /** Of the tenant's data when the request came: grows with every change. */
  revision: number
  /** The client's `If-Match`; null where it sent none. */
  ifMatch: string | null
  idempotency: Idempotency | null
  db: Db
  transact: Store['write']
  slowRead: Store['slowRead']
  secrets: Secrets
  passwords: PasswordHasher
  clock: Clock
  newId: NewId
}

declare const writerBrand: unique symbol

/** A `Ctx` whose `db` is an open transaction. Only `write` makes one; every store function that changes rows asks for it. */
export type Writer = Ctx & { readonly [writerBrand]: true }

declare const maintainerBrand: unique symbol

/** An open transaction for housekeeping over all tenants; only `maintain` makes one. */
export type Maintainer = { db: Db; readonly [maintainerBrand]: true }

type CtxInput = Pick<Ctx, 'tenant' | 'actor' | 'requestId'> &
  Partial<Pick<Ctx, 'acting' | 'scopes' | 'revision'>>

export function createCtx(
  deps: Deps,
  { tenant, actor, requestId, acting = null, scopes = new Set(), revision = 0 }: CtxInput,
): Ctx {
  return {
    tenant,
    tenantId: tenant.id,
    actor,
    acting,
    scopes,
    requestId,
    revision,
    ifMatch: null,
    idempotency: null,
    db: deps.store.read,
    transact: deps.store.write,
    slowRead: deps.store.slowRead,
    secrets: deps.secrets,
    passwords: deps.passwords,
    clock: deps.clock,
    newId: deps.newId,
  }
}
