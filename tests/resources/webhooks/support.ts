import { expect } from 'bun:test'
import type { Answer, TestApp } from '../../support/app'
import type { Body, Holder } from '../cases/support'
import { callerOf } from '../support'

/** The calls that tests of webhooks make, as the holder of a key. */
export function hooksOf(app: TestApp) {
  const call = callerOf(app, 'webhooks')
  return {
    ...call,
    remove: (id: string, holder: Holder, headers: Record<string, string> = {}) =>
      call.send('DELETE', `/${id}`, holder, { headers }),
    test: (id: string, holder: Holder): Promise<Answer> => call.send('POST', `/${id}/test`, holder),
    rotate: (id: string, holder: Holder, query = ''): Promise<Answer> =>
      call.send('POST', `/${id}/rotate-secret${query}`, holder),
    deliveries: async (id: string, holder: Holder, query = ''): Promise<Body[]> => {
      const { status, body } = await call.send('GET', `/${id}/deliveries?pageSize=100&${query}`, holder)
      expect(status).toBe(200)
      return body.deliveries
    },
  }
}
