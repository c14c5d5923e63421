import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { deleteSessionsOf } from '../../src/core/sessions/store'
import type { UserRow } from '../../src/core/users/table'
import { write } from '../../src/core/write'
import { type Council, createCouncil, createTestApp, createTestUser, type TestApp } from '../support/app'
import { sessionsOf, signIn } from '../support/sessions'

let app: TestApp
let council: Council
let other: Council
let user: UserRow
let sessions: string[]

beforeAll(async () => {
  app = await createTestApp()
  other = await createCouncil(app, 'severn')
})
afterAll(() => app.close())

let fresh = 0
beforeEach(async () => {
  council = await createCouncil(app, `fresh-${++fresh}`)
  user = await createTestUser(council, { role: 'manager' })
  sessions = [await signIn(app, user), await signIn(app, user), await signIn(app, user)]
})

const end = ({ ctx }: Council, userId: string, except?: string) =>
  write(ctx, 'session.end', async (w) => ({
    changes: [],
    result: await deleteSessionsOf(w, userId, except),
  }))

describe('ending the sessions of a user', () => {
  test('does nothing to those of another council’s user', async () => {
    expect(await end(other, user.id)).toBe(0)
    expect(await sessionsOf(app, user.id)).toEqual(sessions.toSorted())
  })

  test('ends all of theirs, and nobody else’s', async () => {
    const colleague = await createTestUser(council, { role: 'manager' })
    const kept = await signIn(app, colleague)
    expect(await end(council, user.id)).toBe(3)
    expect(await sessionsOf(app, user.id)).toEqual([])
    expect(await sessionsOf(app, colleague.id)).toEqual([kept])
    expect(await end(council, user.id)).toBe(0)
  })

  test('keeps the one that is named', async () => {
    const [first = ''] = sessions
    expect(await end(council, user.id, first)).toBe(2)
    expect(await sessionsOf(app, user.id)).toEqual([first])
  })
})
