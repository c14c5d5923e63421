import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { createPasswordLink, findPasswordLink } from '../../src/core/passwords/links.service'
import { passwordLinks } from '../../src/core/passwords/table'
import { sessions } from '../../src/core/sessions/table'
import type { UserRow } from '../../src/core/users/table'
import { startHousekeeping } from '../../src/jobs/housekeeping'
import { inviteUser } from '../../src/resources/users/edit.service'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { sessionsOf, signIn } from '../support/sessions'

let app: TestApp
let council: Council
let user: UserRow

const hour = 3_600_000

beforeEach(async () => {
  app = await createTestApp()
  council = await createCouncil(app, 'avon')
  user = await invite('ann@example.org')
})
afterEach(() => app.close())

const invite = (email: string) =>
  inviteUser(council.ctx, { email, name: 'Ann Sample', role: 'caseworker', wardIds: [] })

const tidy = (deps = app.deps) => startHousekeeping(deps).stop()
const kept = async () =>
  (await Promise.all([app.deps.store.read.$count(sessions), app.deps.store.read.$count(passwordLinks)])).map(
    Number,
  )

describe('sessions and links that have ended', () => {
  test('are deleted, and no others', async () => {
    const other = await invite('bob@example.org')
    await signIn(app, user)
    await createPasswordLink(council.ctx, app.deps, user.id, 'reset')
    const { token } = await createPasswordLink(council.ctx, app.deps, other.id, 'invitation')
    app.clock.advance(30 * 60_000)
    const later = await signIn(app, other)
    app.clock.advance(45 * 60_000)
    await tidy()
    expect(await kept()).toEqual([1, 2])
    expect(await sessionsOf(app, other.id)).toEqual([later])
    app.clock.advance(24 * hour)
    await tidy()
    expect(await kept()).toEqual([0, 1])
    expect(await findPasswordLink(app.deps, token)).not.toBeNull()
    app.clock.advance(7 * 24 * hour)
    await tidy()
    expect(await kept()).toEqual([0, 0])
    expect(app.logged.filter(({ level }) => level !== 'info')).toEqual([])
  })

  test('are deleted by the copy that leads', async () => {
    await signIn(app, user)
    await createPasswordLink(council.ctx, app.deps, user.id, 'reset')
    app.clock.advance(25 * hour)
    await tidy({ ...app.deps, store: { ...app.deps.store, leads: async () => false } })
    expect(await kept()).toEqual([1, 1])
  })

  test('go 500 at a time, so that nobody waits long for the store', async () => {
    const [createdAt, expiresAt] = [app.clock.now(), new Date(app.clock.now().getTime() + hour)]
    const { id: userId, tenantId } = user
    const rows = Array.from({ length: 501 }, (_, i) => ({
      id: `${i}`,
      tenantId,
      userId,
      createdAt,
      expiresAt,
    }))
    await app.deps.store.write(async (tx) => {
      await tx.insert(sessions).values(rows)
    })
    app.clock.advance(2 * hour)
    await tidy()
    expect(await kept()).toEqual([1, 0])
    await tidy()
    expect(await kept()).toEqual([0, 0])
  })
})
