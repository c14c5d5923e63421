import type { Ctx } from '../core/ctx'
import { listUsers } from '../core/users/store'
import { dateOfDay, dayNumber, localDate, startOfLocalDate } from '../lib/time'
import type { EventPatch } from '../resources/events/model'
import { approveEvents, createEvent, patchEvent } from '../resources/events/service'
import type { NewsPatch } from '../resources/news/model'
import { approveNews, createNews, patchNews } from '../resources/news/service'
import { listAllWards } from '../resources/wards/store'
import { demoWards } from './demo-data'
import { demoEvents, demoNews } from './demo-publications'

const dayMs = 86_400_000
const hourMs = 3_600_000

type AsOf = (time: Date) => Ctx
type Step = { time: number; take: (ctx: Ctx) => Promise<unknown> }

/** Events and news, each created, approved and withdrawn on its own day by a manager. */
export async function seedPublications(ctx: Ctx, today: number): Promise<void> {
  const wards = new Map((await listAllWards(ctx)).map(({ name, id }) => [name, id]))
  const users = await listUsers(ctx)
  const manager = users.find(({ role }) => role === 'manager')
  const acting = manager ? { id: manager.id, name: manager.name, role: manager.role, wardIds: [] } : null
  const asOf: AsOf = (time) => ({ ...ctx, acting, clock: { ...ctx.clock, now: () => time } })
  const wardIds = (ward?: number) =>
    ward === undefined ? [] : [wards.get(demoWards[ward]?.name ?? '') as string]
  const userIds = new Map(users.map(({ email, id }) => [email, id]))

  // Created in the order of the data so that ids are the same every time; published by date because feeds show the
  // latest.
  const steps = [
    ...(await makeEvents(asOf, today, wardIds, userIds)),
    ...(await makeNews(asOf, today, wardIds)),
  ].sort((a, b) => a.time - b.time)
  await Promise.all(steps.map(({ time, take }) => take(asOf(new Date(time)))))
}

type WardIds = (ward?: number) => string[]

async function makeEvents(
  asOf: AsOf,
  today: number,
  wardIds: WardIds,
  userIds: ReadonlyMap<string, string>,
): Promise<Step[]> {
  const steps = demoEvents.map(async (event, i): Promise<Step[]> => {
    const { week, weekday, hours, days = 1, ward, organiser, becomes, ...input } = event
    const start = hours ? localTime(today, week, weekday, hours[0]) : localDay(today, week, weekday)
    const end = hours ? localTime(today, week, weekday, hours[1]) : localDay(today, week, weekday + days)
    const time = Math.min(today + week * 7 * dayMs - 28 * dayMs, today - 3 * dayMs) + i * hourMs
    const { id } = await createEvent(asOf(new Date(time)), {
      ...input,
      startAt: start,
      endAt: end,
      allDay: hours === undefined,
      wardIds: wardIds(ward),
      organiserId: (organiser && userIds.get(organiser)) || null,
    })
    if (becomes === 'pending') return []
    const approval: Step = { time: time + dayMs, take: (ctx) => approveEvents(ctx, [id]) }
    if (becomes === undefined) return [approval]
    const patch: EventPatch = { status: becomes }
    return [approval, { time: time + 2 * dayMs, take: (ctx) => patchEvent(ctx, id, patch) }]
  })
  return (await Promise.all(steps)).flat()
}

async function makeNews(asOf: AsOf, today: number, wardIds: WardIds): Promise<Step[]> {
  const steps = demoNews.map(async ({ day, ward, becomes, ...input }, i): Promise<Step[]> => {
    const isLater = day > 0
    const time = Math.min(today + day * dayMs + 9 * hourMs, today - 2 * dayMs + i * hourMs) - dayMs
    const { id } = await createNews(asOf(new Date(time)), {
      ...input,
      wardIds: wardIds(ward),
      ...(becomes === 'draft' ? { status: 'draft' } : {}),
      ...(isLater ? { publishedAt: new Date(today + day * dayMs).toISOString() } : {}),
    })
    if (becomes === 'draft' || becomes === 'pending') return []
    const approval: Step = { time: time + dayMs, take: (ctx) => approveNews(ctx, [id]) }
    if (becomes === undefined) return [approval]
    const patch: NewsPatch = { status: becomes }
    return [approval, { time: time + 2 * dayMs, take: (ctx) => patchNews(ctx, id, patch) }]
  })
  return (await Promise.all(steps)).flat()
}

const zone = 'Europe/London'

/** A date by weeks from this one and weekday. */
function localDay(today: number, week: number, weekday: number): string {
  const day = dayNumber(localDate(new Date(today), zone))
  const sinceMonday = (new Date(day * dayMs).getUTCDay() + 6) % 7
  return dateOfDay(day - sinceMonday + week * 7 + weekday)
}

function localTime(today: number, week: number, weekday: number, time: string): string {
  const [hours, minutes] = time.split(':').map(Number) as [number, number]
  const start = startOfLocalDate(localDay(today, week, weekday), zone) as Date
  return new Date(start.getTime() + hours * hourMs + minutes * 60_000).toISOString()
}
