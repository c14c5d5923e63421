import type { Server } from 'bun'
import type { Deps } from '../../src/core/ctx'
import { attempt, keepAttempt } from '../../src/resources/webhooks/attempt/service'
import { type Claimed, claimDeliveries, queueDeliveries } from '../../src/resources/webhooks/queue/service'
import { listReady } from '../../src/resources/webhooks/queue/store'
import type { TestApp } from './app'

/** What a receiver was sent. */
export type Received = {
  path: string
  headers: Record<string, string>
  /** As it came, for its signature. */
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies whose shape is what they test.
  body: any
}

export type Receiver = {
  url: string
  received: Received[]
  /** Answers the next calls with these; then 204 again. */
  answerNext(...answers: (number | Response | (() => Response | Promise<Response>))[]): void
  stop(): Promise<void>
}

/** A receiver of webhooks on this machine, which keeps what it is sent. */
export function startReceiver(): Receiver {
  const received: Received[] = []
  const answers: (number | Response | (() => Response | Promise<Response>))[] = []
  const server: Server<undefined> = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: async (request) => {
      const text = await request.text()
      const { pathname } = new URL(request.url)
      received.push({
        path: pathname,
        headers: Object.fromEntries(request.headers),
        text,
        body: JSON.parse(text),
      })
      const answer = answers.shift() ?? 204
      if (typeof answer === 'function') return answer()
      return typeof answer === 'number' ? new Response(null, { status: answer }) : answer
    },
  })
  return {
    url: `http://127.0.0.1:${server.port}`,
    received,
    answerNext: (...next) => void answers.push(...next),
    stop: () => server.stop(true),
  }
}

/** Lets webhooks of this machine be called. */
export const allowLoopback = { REEVE_WEBHOOK_ALLOW: '127.0.0.0/8' }

/** Attempts a delivery and keeps what came of it. */
export async function deliver(deps: Deps, claimed: Claimed): Promise<void> {
  const attempted = await attempt(deps, claimed)
  if (attempted) await keepAttempt(deps, attempted)
}

/** Delivers all that is due now, one after the other; returns how many attempts that took. */
export async function deliverDue({ deps }: TestApp): Promise<number> {
  let attempts = 0
  while ((await queueDeliveries(deps)) > 0);
  for (;;) {
    const now = deps.clock.now()
    const ready = (await listReady(deps.store.read, now)).filter(({ dueAt }) => dueAt <= now)
    const before = attempts
    for (const { endpointId } of ready) {
      for (const claimed of await claimDeliveries(deps, endpointId, 1, 30_000)) {
        await deliver(deps, claimed)
        attempts++
      }
    }
    if (attempts === before) return attempts
  }
}
