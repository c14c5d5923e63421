import { Lucia, TimeSpan } from 'lucia'
import { type Clock, systemClock } from '../../lib/clock'
import type { SessionRow } from './table'

declare module 'lucia' {
  interface Register {
    Lucia: ReturnType<typeof createLucia>
    DatabaseSessionAttributes: SessionAttributes
  }
}

type SessionAttributes = Pick<SessionRow, 'tenantId' | 'secondFactorAt'>
type Kept = Pick<SessionRow, 'id' | 'userId' | 'expiresAt'> & SessionAttributes

/** How sessions are kept. Their ids are SHA-256 of the tokens that browsers hold, which Lucia never sees. */
export type SessionKeeping = {
  find(id: string): Promise<Kept | undefined>
  insert(session: Kept): Promise<void>
  extend(id: string, expiresAt: Date): Promise<void>
  remove(id: string): Promise<void>
  removeAllOf(userId: string): Promise<unknown>
}

/** Hours without a request after which a session has ended; it is prolonged in the second half of them. */
const idleHours = 4

export const sessionCookieName = '__Host-reeve_session'

/** Sessions are listed and swept by the house itself. */
const notAsked = () => Promise.reject(new Error('Lucia is not asked for this'))

/** Lucia over these sessions. It reads the system's clock: times are handed to it as far from that as they are from ours. */
export function createLucia(keeping: SessionKeeping, clock: Clock) {
  const ahead = systemClock.now().getTime() - clock.now().getTime()
  const toSystem = (date: Date) => new Date(date.getTime() + ahead)
  const toOurs = (date: Date) => new Date(date.getTime() - ahead)
  return new Lucia<SessionAttributes, Record<never, never>>(
    {
      getSessionAndUser: async (id) => {
        const found = await keeping.find(id)
        if (!found) return [null, null]
        const { userId, expiresAt, tenantId, secondFactorAt } = found
        const session = {
          id,
          userId,
          expiresAt: toSystem(expiresAt),
          attributes: { tenantId, secondFactorAt },
        }
        return [session, { id: userId, attributes: {} }]
      },
      setSession: ({ id, userId, expiresAt, attributes }) =>
        keeping.insert({ id, userId, expiresAt: toOurs(expiresAt), ...attributes }),
      updateSessionExpiration: (id, expiresAt) => keeping.extend(id, toOurs(expiresAt)),
      deleteSession: (id) => keeping.remove(id),
      deleteUserSessions: async (userId) => void (await keeping.removeAllOf(userId)),
      getUserSessions: notAsked,
      deleteExpiredSessions: notAsked,
    },
    {
      sessionExpiresIn: new TimeSpan(idleHours, 'h'),
      sessionCookie: {
        name: sessionCookieName,
        // The server says when a session ends; the cookie outlasts it.
        expires: false,
        attributes: { secure: true, sameSite: 'lax', path: '/' },
      },
      getSessionAttributes: (attributes) => attributes,
      getUserAttributes: () => ({}),
    },
  )
}
