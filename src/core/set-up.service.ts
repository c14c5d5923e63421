import { timingSafeEqual } from 'node:crypto'
import type { Static } from '@sinclair/typebox'
import { nations } from '../lib/bank-holidays'
import { conflict, invalid } from '../lib/errors'
import { normalizeEmail } from '../lib/personal-data'
import { slugify } from '../lib/slug'
import { type Actor, createCtx, type Deps } from './ctx'
import { OneOf, Strict, Text } from './schema'
import { type Caller, type Started, startFor } from './sessions/service'
import { addTenant, newTenant } from './tenants/service'
import { hasTenants, insertStoreFact } from './tenants/store'
import { addUser, NewUser, readPassword } from './users/service'
import { inspect } from './validation'
import { write } from './write'

const SetUp = Strict({ ...NewUser.properties, council: Text(200), nation: OneOf(nations) })

/** What who sets up a store says of their council and themselves. */
export type SetUp = Static<typeof SetUp>

const setUpToken = ({ secrets }: Pick<Deps, 'secrets'>) => Buffer.from(secrets.setUp).toString('base64url')

/** The address by which the first council is made; null where there is one. The same on every copy of Reeve, until it is used. */
export async function setUpPath(deps: Deps): Promise<string | null> {
  return (await hasTenants(deps.store.read)) ? null : `/admin/set-up?token=${setUpToken(deps)}`
}

/** Whether this is the token of a store that nobody has set up yet. */
export async function mayBeSetUp(deps: Deps, token: string): Promise<boolean> {
  const [given, right] = [Buffer.from(token), Buffer.from(setUpToken(deps))]
  return (
    given.length === right.length && timingSafeEqual(given, right) && !(await hasTenants(deps.store.read))
  )
}

const alreadySetUp = () => conflict('This store is set up already')

/** Makes the first council and its first administrator, all or nothing, and signs them in. */
export async function setUp(deps: Deps, input: unknown, caller: Caller): Promise<Started> {
  const { council, nation, name, email, password } = await checkSetUp(input)
  const passwordHash = await deps.passwords.hash(password)
  const tenant = newTenant(deps, {
    slug: slugify(council).slice(0, 63).replace(/-$/, ''),
    name: council,
    nation,
  })
  const actor: Actor = { type: 'public', id: 'set-up', name: 'Set-up', ip: caller.address }
  const ctx = createCtx(deps, { tenant, actor, requestId: caller.requestId })
  const user = await write(ctx, 'tenant.set_up', async (w) => {
    // Who has kept the fact was first; the other waits for them, and is refused.
    if (!(await insertStoreFact(w, 'set-up', 'done'))) throw alreadySetUp()
    const change = await addTenant(w, tenant)
    const first = { email, name, role: 'admin' as const, passwordHash, mustChangePassword: false }
    const user = await addUser(w, first)
    return { changes: [change, user.change], result: user.row }
  })
  return startFor(deps, tenant, user, caller)
}

/** What was sent, in its one form; every fault is named. */
async function checkSetUp(input: unknown): Promise<SetUp> {
  const { issues, sound } = inspect(SetUp, input)
  const { council = '', name = '', email = '', password } = sound
  if (council !== '' && slugify(council) === '') {
    issues.push({ in: 'body', path: 'council', code: 'format', message: 'Must hold a letter or a digit' })
  }
  if (email !== '' && !normalizeEmail(email)) {
    issues.push({ in: 'body', path: 'email', code: 'format', message: 'Is not an e-mail address' })
  }
  await readPassword({ email, name, ...(password !== undefined && { password }) }, council, issues)
  if (issues.length > 0) throw invalid(issues)
  return { ...(sound as SetUp), email: normalizeEmail(email) ?? '' }
}
