import { expect } from 'bun:test'
import { Webhook } from 'standardwebhooks'
import type { Deps } from '../../../src/core/ctx'
import { type DeliveryRow, webhookDeliveries } from '../../../src/resources/webhooks/deliveries/table'
import { type EndpointRow, webhookEndpoints } from '../../../src/resources/webhooks/table'
import type { Answer, Council, TestApp } from '../../support/app'
import { createTestCase } from '../../support/casework'
import { unlimited } from '../../support/http'
import { allowLoopback, deliverDue, type Received, type Receiver } from '../../support/receiver'

export type Body = Answer['body']
export type Hook = { id: string; url: string; secret: string }

export const environment = { ...unlimited, ...allowLoopback }

export const [second, minute, hour, day] = [1_000, 60_000, 3_600_000, 86_400_000]

/** Longer than the jitter makes any wait of the schedule. */
export const longestWait = 12 * hour

/** The calls that tests of deliveries make. */
export function teller(app: TestApp) {
  const ask = async (method: string, path: string, { key }: { key: string }, body?: unknown) =>
    app.send(method, path, { key, ...(body === undefined ? {} : { body }) })
  const done = async (
    method: string,
    path: string,
    holder: { key: string },
    body?: unknown,
  ): Promise<Body> => {
    const answer = await ask(method, path, holder, body)
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
    return answer.body
  }
  return {
    ask,
    /** An endpoint for new and changed cases. */
    hook: (
      council: Council,
      { url }: Pick<Receiver, 'url'>,
      input: Record<string, unknown> = {},
    ): Promise<Hook> =>
      done('POST', '/api/webhooks', council, { url, events: ['case_created', 'case_updated'], ...input }),
    show: (council: Council, { id }: { id: string }): Promise<Body> =>
      done('GET', `/api/webhooks/${id}`, council),
    set: (council: Council, { id }: { id: string }, body: object): Promise<Body> =>
      done('PATCH', `/api/webhooks/${id}`, council, body),
    /** The deliveries of an endpoint, the oldest event first. */
    deliveries: async (council: Council, { id }: { id: string }, query = ''): Promise<Body[]> => {
      const { deliveries } = await done(
        'GET',
        `/api/webhooks/${id}/deliveries?pageSize=100&${query}`,
        council,
      )
      return deliveries.reverse()
    },
    make: (council: Council, input: Record<string, unknown> = {}): Promise<Body> =>
      createTestCase(app, council, input),
    /** Changes of a case that no event but `case_updated` tells of, one after the other. */
    change: async (council: Council, { id }: { id: string }, ...summaries: string[]): Promise<void> => {
      for (const summary of summaries) await done('PATCH', `/api/cases/${id}`, council, { summary })
    },
    replay: (council: Council, { id }: { id: string }): Promise<Body> =>
      done('POST', `/api/webhooks/deliveries/${id}/replay`, council),
    replayFailed: (council: Council, { id }: { id: string }, since: string): Promise<Body> =>
      done('POST', `/api/webhooks/${id}/replay-failed`, council, { since }),
    test: (council: Council, { id }: { id: string }): Promise<Body> =>
      done('POST', `/api/webhooks/${id}/test`, council),
    deliver: () => deliverDue(app),
    /** The same with a jitter that makes every wait a fifth shorter. */
    deliverSteadily: () =>
      deliverDue({ ...app, deps: { ...app.deps, random: (length) => new Uint8Array(length) } }),
  }
}

/** Sets what the receiver answers from now on. */
export function moodOf(receiver: Receiver, status: number): { status: number } {
  const mood = { status }
  receiver.answerNext(
    ...Array.from({ length: 2_000 }, () => () => new Response(null, { status: mood.status })),
  )
  return mood
}

/** The deliveries about cases, as summaries of the cases. */
export const summariesOf = (received: readonly Received[]): string[] =>
  received.map(({ body }) => body.data.case.summary)

/** Fails where what was received is not signed with this secret, by the receiver's own clock. */
export function assertSigned({ text, headers, body }: Received, secret: string): void {
  expect(new Webhook(secret).verify(text, headers)).toEqual(body)
}

export const deliveryRows = async ({ store }: Deps): Promise<DeliveryRow[]> =>
  store.read.select().from(webhookDeliveries).orderBy(webhookDeliveries.eventPosition, webhookDeliveries.id)

export const endpointRows = async ({ store }: Deps): Promise<EndpointRow[]> =>
  store.read.select().from(webhookEndpoints).orderBy(webhookEndpoints.createdAt, webhookEndpoints.id)
