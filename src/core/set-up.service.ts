import { timingSafeEqual } from 'node:crypto'
import { type Static, Type } from '@sinclair/typebox'
import { nations } from '../lib/bank-holidays'
import { normalizeEmail } from '../lib/contact-details'
import { conflict, invalid } from '../lib/errors'
import { hmacSha256 } from '../lib/hash'
import { councilSlug, maxCouncilSlug } from '../lib/slug'
import { bareCode } from '../lib/typed-code'
import { type Actor, createCtx, type Deps } from './ctx'
import { checkPassword } from './passwords/rules'
import { OneOf, Strict, Text } from './schema'
import { type Caller, type StartedSession, startFor } from './sessions/service'
import { addTenant, isCouncilSlug, newTenant, readOrStoreFact } from './tenants/service'
import { hasTenants, insertStoreFact, readStoreFact } from './tenants/store'
import { addUser, NewUser } from './users/service'
import { inspect } from './validation'
import { write } from './write'

const SetUp = Strict({
  ...NewUser.properties,
  council: Text(200),
  /** The council’s short name; without it, its name gives one. */
  slug: Type.Optional(Type.String()),
  nation: OneOf(nations),
})

export type SetUp = Required<Static<typeof SetUp>>

/**
 * A part of the token that each store has of its own: with the secret key alone, an emptied store would be set up by the link
 * that was used for the one before.
 */
async function tokenOf(deps: Deps): Promise<string> {
  const own = await readOrStoreFact(deps, 'set-up-link', Buffer.from(deps.random(16)).toString('base64url'))
  return hmacSha256(deps.secrets.setUp, own)
}

/** Once there has been a set-up or a council, this stays true for ever. */
const isSetUp = async ({ store: { read } }: Deps): Promise<boolean> =>
  (await hasTenants(read)) || (await readStoreFact(read, setUpFact)) !== undefined

const setUpFact = 'set-up'

/** Allows setting up the first council; null once there is one. Until then every copy of Reeve has the same. */
export async function setUpToken(deps: Deps): Promise<string | null> {
  return (await isSetUp(deps)) ? null : tokenOf(deps)
}

/** True for the right token, while the store has no council. */
export async function mayBeSetUp(deps: Deps, token: string): Promise<boolean> {
  if (await isSetUp(deps)) return false
  const [given, right] = [Buffer.from(bareCode(token)), Buffer.from(await tokenOf(deps))]
  return given.length === right.length && timingSafeEqual(given, right)
}

const alreadySetUp = () => conflict('Reeve has already been set up')

/** Creates the first council and its first administrator in one transaction, and signs them in. */
export async function setUp(deps: Deps, input: unknown, caller: Caller): Promise<StartedSession> {
  const { council, slug, nation, name, email, password } = await checkSetUp(input)
  const passwordHash = await deps.passwords.hash(password)
  const tenant = newTenant(deps, { slug, name: council, nation })
  const actor: Actor = { type: 'public', id: 'set-up', name: 'Set-up', ip: caller.address }
  const ctx = createCtx(deps, { tenant, actor, requestId: caller.requestId })
  const user = await write(ctx, 'tenant.set_up', async (w) => {
    // Of two at the same time, the second waits here for the first, and is then refused.
    if (!(await insertStoreFact(w, setUpFact, 'done'))) throw alreadySetUp()
    const change = await addTenant(w, tenant)
    const first = { email, name, role: 'admin' as const, passwordHash, mustChangePassword: false }
    const user = await addUser(w, first)
    return { changes: [change, user.change], result: user.row }
  })
  return startFor(deps, tenant, user, caller)
}

const slugRule = `May contain only lower-case letters, digits and hyphens between them, ${maxCouncilSlug} at most`

/** Normalises the input; reports every fault at once. */
async function checkSetUp(input: unknown): Promise<SetUp> {
  const { issues, sound } = inspect(SetUp, input)
  const { council = '', name = '', email = '', password } = sound
  const slug = sound.slug ?? councilSlug(council)
  if (slug === '' && council !== '') {
    issues.push({ in: 'body', path: 'slug', code: 'required', message: 'Must not be empty' })
  } else if (slug !== '' && !isCouncilSlug(slug)) {
    issues.push({ in: 'body', path: 'slug', code: 'format', message: slugRule })
  }
  if (email !== '' && !normalizeEmail(email)) {
    issues.push({
      in: 'body',
      path: 'email',
      code: 'format',
      message: 'Must be an e-mail address, such as name@example.org',
    })
  }
  await checkPassword({ email, name, ...(password !== undefined && { password }) }, council, issues)
  if (issues.length > 0) throw invalid(issues)
  return { ...(sound as SetUp), slug, email: normalizeEmail(email) ?? '' }
}
