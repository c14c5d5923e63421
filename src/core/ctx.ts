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

/** One key or ring for each purpose, derived from the secret keys. */
export type Secrets = {
  /** Chains the audit entries. */
  audit: KeyRing
  /** Signs list cursors. */
  cursor: Uint8Array
  /** Seals personal data. */
  seal: KeyRing
  /** Hashes personal data, so that equal values can be found. */
  match: KeyRing
  /** The token in the link that sets up the first council. */
  setUp: Uint8Array
}

/** Everything the application depends on; tests pass their own. */
export type Deps = {
  config: Config
  store: Store
  /** The kind of API keys accepted and created: `live` in `serve`, `test` in `dev`. */
  environment: KeyEnvironment
  secrets: Secrets
  /** Tests pass a cheaper one. */
  passwords: PasswordHasher
  clock: Clock
  newId: NewId
  random: RandomBytes
  log: Log
  keyUses: KeyUses
  /** Rules for calling other systems. */
  outbound: Outbound
  /** Null if no mail server is set up. */
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
  /** Where the council's days off differ from its nation's bank holidays. */
  calendar: CalendarChanges
  /** Days to resolve a case whose category has no target of its own; null for no target. */
  targetDays: number | null
  targetDayType: DayType
  /** Working days after which a resolved case is closed; null for never. */
  reopenWindowDays: number | null
  referencePrefix: string
  /** Requests a minute for each key; null for the configured default. */
  rateLimit: number | null
  /** Web origins whose pages may read API responses. */
  corsOrigins: readonly string[]
  /** Months that a closed case is kept; null for no automatic erasure. */
  retentionMonths: number | null
  /** Published figures below this are left out. */
  publicMinCell: number
  webhooksPersonalData: boolean
  open311Enabled: boolean
  /** The council’s own website, and its pages of one news item, event and case, with their names in braces. */
  website: string | null
  newsPage: string | null
  eventPage: string | null
  casePage: string | null
  /** True if admins need a second factor to use the dashboard. */
  requireSecondFactor: boolean
}

/** The user a key acts as: their role and wards limit what it sees. */
export type ActingUser = { id: string; name: string; role: Role; wardIds: readonly string[] }

export type Actor = {
  type: 'key' | 'user' | 'cli' | 'system' | 'public'
  id: string
  name: string
  ip: string | null
}

/** From `Idempotency-Key`: a request sent twice takes effect once. */
export type Idempotency = {
  key: string
  fingerprint: string
  /** A second key, made of the content alone: for an hour no other request may use it. */
  twin?: string
  /** Set when the stored answer of the first request is returned. */
  isReplayed: boolean
}

/** The council and the caller: the first argument of every operation, and the only way to a council's rows. */
export type Ctx = {
  tenant: Tenant
  tenantId: string
  actor: Actor
  acting: ActingUser | null
  scopes: ReadonlySet<Scope>
  requestId: string
  /** Grows with every change of the council's data; read when the request arrived. */
  revision: number
  /** The client's `If-Match` header; null if it sent none. */
  ifMatch: string | null
  idempotency: Idempotency | null
  db: Db
  transact: Store['write']
  slowRead: Store['slowRead']
  secrets: Secrets
  passwords: PasswordHasher
  clock: Clock
  newId: NewId
  log: Log
}

declare const writerBrand: unique symbol

/** A `Ctx` whose `db` is an open transaction. Only `write` makes one, and every store function that changes rows requires it. */
export type Writer = Ctx & { readonly [writerBrand]: true }

declare const maintainerBrand: unique symbol

/** An open transaction for housekeeping across all councils; only `maintain` makes one. */
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
    log: deps.log,
  }
}
