import type { Visit } from '../http/pages'
import { formatInstant } from './words'

/** When the visitor’s session ends: in seconds for the script that warns, and in words for everybody. */
export function sessionOf({ ctx, signedIn: { endsAt, latestEndsAt } }: Visit) {
  const seconds = (date: Date) =>
    Math.max(0, Math.floor((date.getTime() - ctx.clock.now().getTime()) / 1_000))
  return {
    seconds: seconds(endsAt),
    latestSeconds: seconds(latestEndsAt),
    end: formatInstant(endsAt, ctx.tenant.timezone),
    isLatest: endsAt >= latestEndsAt,
  }
}

/** Answers “Stay signed in”: the request itself extends the session. */
export const stayIn = (visit: Visit): Response => {
  const { seconds, latestSeconds } = sessionOf(visit)
  return Response.json({ seconds, latestSeconds }, { headers: { 'cache-control': 'no-store' } })
}
