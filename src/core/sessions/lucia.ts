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
type StoredSession = Pick<SessionRow, 'id' | 'userId' | 'expiresAt'> & SessionAttributes

/** Session ids are SHA-256 of the tokens that browsers hold; Lucia never sees the tokens. */
export type SessionStorage = {
  find(id: string): Promise<StoredSession | undefined>
  insert(session: StoredSession): Promise<void>
  extend(id: string, expiresAt: Date): Promise<void>
  remove(id: string): Promise<void>
  removeAllOf(userId: string): Promise<unknown>
}

/** A session ends after this many hours without a request; Lucia extends it in the second half. */
const idleHours = 4

/** Reeve lists and deletes sessions itself. */
const unsupported = () => Promise.reject(new Error('Lucia must not be asked for this'))

/** Lucia reads the system clock, so times are shifted by the difference between that and our clock. */
export function createLucia(storage: SessionStorage, clock: Clock) {
  const ahead = systemClock.now().getTime() - clock.now().getTime()
  const toSystem = (date: Date) => new Date(date.getTime() + ahead)
  const toOurs = (date: Date) => new Date(date.getTime() - ahead)
  return new Lucia<SessionAttributes, Record<never, never>>(
    {
      getSessionAndUser: async (id) => {
        const found = await storage.find(id)
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
        storage.insert({ id, userId, expiresAt: toOurs(expiresAt), ...attributes }),
      updateSessionExpiration: (id, expiresAt) => storage.extend(id, toOurs(expiresAt)),
      deleteSession: (id) => storage.remove(id),
      deleteUserSessions: async (userId) => void (await storage.removeAllOf(userId)),
      getUserSessions: unsupported,
      deleteExpiredSessions: unsupported,
    },
    {
      sessionExpiresIn: new TimeSpan(idleHours, 'h'),
      getSessionAttributes: (attributes) => attributes,
      getUserAttributes: () => ({}),
    },
  )
}
