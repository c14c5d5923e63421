import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type App, createApp } from '../../src/app'
import { type Config, type Environment, loadConfig } from '../../src/config'
import { createKey, type KeyCreate } from '../../src/core/api-keys/service'
import { type Actor, type Ctx, createCtx, type Deps, type Tenant } from '../../src/core/ctx'
import type { Plan } from '../../src/core/scopes'
import { createTenant } from '../../src/core/tenants/service'
import { createUser, type UserCreate } from '../../src/core/users/service'
import type { UserRow } from '../../src/core/users/table'
import { prepareStore } from '../../src/db/open'
import { createDeps } from '../../src/deps'
import type { LogFields } from '../../src/lib/log'
import { createPasswordHasher } from '../../src/lib/password-hash'
import { seededRandom } from '../../src/lib/random'
import { type TestClock, testClock } from './clock'
import { copyMigratedStore, testDatabase } from './engine'

export type LogLine = { level: string; message: string; fields: LogFields }

export type TestApp = App & {
  deps: Deps
  config: Config
  clock: TestClock
  /** Everything that was logged. */
  logged: LogLine[]
  /** Sends a request as a client on this machine would. */
  send(method: string, path: string, options?: SendOptions): Promise<Answer>
  close(): Promise<void>
}

export type SendOptions = {
  key?: string
  headers?: Record<string, string>
  /** Sent as JSON, unless it is text or bytes. */
  body?: unknown
  peer?: string
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers whose shape is what they test.
export type Answer = { status: number; headers: Headers; body: any; text: string }

/** The real algorithm at its least cost; the real cost is proved in passwords.test.ts and with the binary. */
const quickPasswords = createPasswordHasher({ memoryCost: 8, timeCost: 1 })

export const testActor: Actor = { type: 'cli', id: 'test', name: 'test', ip: null }

/** The real application on a real store in a directory of its own; only clock and randomness are ours. */
export async function createTestApp(env: Environment = {}, overrides: Partial<Deps> = {}): Promise<TestApp> {
  const directory = mkdtempSync(join(tmpdir(), 'reeve-test-'))
  const database = env.DATABASE_URL ? null : await testDatabase()
  const config = loadConfig({ ...env, ...database?.env, REEVE_DATA: directory })
  const clock = testClock()
  const logged: LogLine[] = []
  const at =
    (level: string) =>
    (message: string, fields: LogFields = {}) =>
      void logged.push({ level, message, fields })
  if (config.databaseUrl === null) await copyMigratedStore(directory)
  else if (!database) await prepareStore(config, clock)
  const deps = await createDeps(config, {
    wanted: 'live',
    clock,
    passwords: quickPasswords,
    random: seededRandom('tests'),
    log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
    ...overrides,
  })
  const app = createApp(deps)
  return {
    ...app,
    deps,
    config,
    clock,
    logged,
    send: (method, path, options) => send(app, method, path, options),
    close: async () => {
      await deps.store.close()
      await database?.drop()
      rmSync(directory, { recursive: true })
    },
  }
}

async function send(app: App, method: string, path: string, options: SendOptions = {}): Promise<Answer> {
  const { key, headers = {}, body, peer = '127.0.0.1' } = options
  const isRaw = typeof body === 'string' || body instanceof Uint8Array || body instanceof ReadableStream
  const init: RequestInit = {
    method,
    headers: {
      host: 'localhost',
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
  }
  if (body !== undefined) init.body = isRaw ? (body as BodyInit) : JSON.stringify(body)
  const response = await app.handle(new Request(`http://localhost${path}`, init), peer)
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json')
  return {
    status: response.status,
    headers: response.headers,
    body: isJson && text ? JSON.parse(text) : null,
    text,
  }
}

export type Council = { ctx: Ctx; tenant: Tenant; key: string }

/** A council on this plan and a key with every scope of it. */
export async function createCouncil(
  { deps }: TestApp,
  slug: string,
  plan: Plan = 'council',
): Promise<Council> {
  const tenant = await createTenant(deps, testActor, { slug, name: `${slug} council`, plan })
  const ctx = createCtx(deps, { tenant, actor: testActor, requestId: 'test' })
  const key = plan === 'free' ? '' : (await createKey(ctx, deps, { name: 'all', scopes: ['all'] })).plain
  return { ctx, tenant, key }
}

/** A further key of the council. */
export async function createTestKey(
  app: TestApp,
  { ctx }: Council,
  input: Partial<KeyCreate>,
): Promise<string> {
  return (await createKey(ctx, app.deps, { name: 'test key', scopes: ['all'], ...input })).plain
}

/** A user of the council; the password is nobody's concern. */
export const createTestUser = (
  { ctx }: Council,
  input: Pick<UserCreate, 'role'> & Partial<UserCreate>,
): Promise<UserRow> =>
  createUser(ctx, {
    email: `${input.role}-${ctx.newId()}@example.org`,
    name: `A ${input.role}`,
    password: 'correct horse battery',
    mustChangePassword: false,
    ...input,
  })
