import { runDueWork } from '../../../src/core/due-work.service'
import { type EventName, eventNames } from '../../../src/core/outbox/table'
import { dueWork } from '../../../src/jobs/due-work'
import type { Outbound } from '../../../src/lib/outbound-address'
import { parseUsers } from '../../../src/resources/users/import'
import { importUsers } from '../../../src/resources/users/service'
import { type Answer, type Council, createCouncil, createTestUser, type TestApp } from '../../support/app'
import { bytes, createTestCategories, createTestWards } from '../../support/casework'
import { deliverDue, type Received, type Receiver, startReceiver } from '../../support/receiver'

type Body = Answer['body']

/** Every name resolves to one public address without a request, and receivers on this machine can be called. */
export const publicNames: Outbound = { resolve: async () => ['93.184.216.34'], allow: ['127.0.0.0/8'] }

/** What a receiver is sent of all that is due now, and of what comes of that. */
export async function sentTo(app: TestApp, { received }: Receiver): Promise<Received[]> {
  received.splice(0)
  while ((await deliverDue(app)) > 0);
  return received.splice(0)
}

/** Something that happens in a council, and the events that tell of it, in order. */
export type Step = { what: string; told: readonly EventName[]; happen: () => Promise<unknown> }

export const resident = {
  residentName: 'Ursula Unseen',
  residentEmail: 'ursula.unseen@example.org',
  residentPhone: '0117 496 0999',
  residentAddress: '12 Mina Road',
  residentPostcode: 'BS7 8QB',
  residentMessage: 'There is damp behind the wardrobe',
}

const hour = 3_600_000

/** A year in the life of a council, with every kind of event. */
export async function storyOf(app: TestApp, council: Council, receiver: Receiver): Promise<Step[]> {
  const { key, ctx, tenant } = council
  const [wardId] = await createTestWards(app, council, ['Ashley'])
  const [categoryId] = await createTestCategories(app, council, ['Potholes'])
  const worker = await createTestUser(council, {
    role: 'caseworker',
    name: 'Carol Worker',
    email: 'carol@example.org',
  })
  const councillor = await createTestUser(council, {
    role: 'councillor',
    name: 'Ada Green',
    email: 'ada@example.org',
    wardIds: [wardId as string],
  })

  const ask = async (method: string, path: string, body: unknown, wanted: number): Promise<Body> => {
    const { status, body: answer, text } = await app.send(method, path, { key, body })
    if (status !== wanted) throw new Error(`${method} ${path}: ${status} ${text}`)
    return answer
  }
  const make = (path: string, body: unknown) => ask('POST', `/api/${path}`, body, 201)
  const made: Record<'case' | 'news' | 'later' | 'event' | 'other', { id: string }> = {} as never
  const kept = async (name: keyof typeof made, path: string, body: unknown) => {
    made[name] = await make(path, body)
  }
  const move = (body: unknown, wanted = 200) => ask('PATCH', `/api/cases/${made.case.id}`, body, wanted)
  const approve = (path: string, id: string) => ask('POST', `/api/${path}/approve`, { ids: [id] }, 200)
  const edit = (name: keyof typeof made, path: string, body: unknown) =>
    ask('PATCH', `/api/${path}/${made[name].id}`, body, 200)
  const load = (...lines: string[]) => importUsers(ctx, parseUsers(bytes(lines.join('\n'))))

  const { id: webhookId } = await make('webhooks', {
    url: `${receiver.url}/all`,
    description: 'Everything',
    events: eventNames,
  })

  const pothole = {
    ...resident,
    summary: 'Pothole on Mina Road',
    publicSummary: 'A pothole',
    description: 'Deep and wide',
    wardId,
    categoryId,
    councillorId: councillor.id,
    priority: 'normal',
    location: { latitude: 51.46, longitude: -2.58, postcode: 'BS2 9YT' },
  }
  const surgery = {
    title: 'Surgery',
    type: 'surgery',
    startAt: '2026-09-01T17:00:00.000Z',
    venue: { name: 'Library' },
    wardIds: [wardId],
    organiserId: councillor.id,
  }
  const open = { title: 'Mina Road is open again', body: 'The works are **finished**.', wardIds: [wardId] }
  const form = {
    name: resident.residentName,
    email: resident.residentEmail,
    message: 'A street light is out',
  }

  return [
    { what: 'a case is made', told: ['case_created'], happen: () => kept('case', 'cases', pothole) },
    { what: 'it is changed to what it is already', told: [], happen: () => move(pothole) },
    { what: 'its priority changes', told: ['case_updated'], happen: () => move({ priority: 'high' }) },
    { what: 'its resident moves', told: ['case_updated'], happen: () => move({ residentAddress: '1 Hill' }) },
    {
      what: 'it is given to somebody',
      told: ['case_assigned'],
      happen: () => move({ assigneeId: worker.id }),
    },
    {
      what: 'it is given to nobody, and is urgent',
      told: ['case_assigned', 'case_updated'],
      happen: () => move({ assigneeId: null, priority: 'urgent' }),
    },
    {
      what: 'a note is added',
      told: ['case_note_added'],
      happen: () => make(`cases/${made.case.id}/notes`, { body: 'Called', visibility: 'public' }),
    },
    {
      what: 'it moves where it cannot',
      told: [],
      happen: () => move({ priority: 'low', status: 'open', resolution: 'answered' }, 400),
    },
    { what: 'it is begun', told: ['case_status_changed'], happen: () => move({ status: 'in_progress' }) },
    {
      what: 'its target is missed',
      told: ['case_sla_breached'],
      happen: async () => {
        app.clock.advance(30 * 24 * hour)
        await runDueWork(app.deps, dueWork)
      },
    },
    { what: 'nothing more is missed', told: [], happen: () => runDueWork(app.deps, dueWork) },
    {
      what: 'it is resolved',
      told: ['case_status_changed', 'case_resolved'],
      happen: () => move({ status: 'resolved', resolution: 'answered' }),
    },
    {
      what: 'it is taken up again',
      told: ['case_status_changed', 'case_reopened'],
      happen: () => move({ status: 'in_progress', reason: 'It is back' }),
    },
    {
      what: 'it is closed and given to somebody at once',
      told: ['case_status_changed', 'case_closed', 'case_assigned'],
      happen: () => move({ status: 'closed', resolution: 'withdrawn', assigneeId: worker.id }),
    },
    {
      what: 'a resident sends a form',
      told: ['case_created', 'contact_submitted'],
      happen: () => ask('POST', `/public/${tenant.slug}/contact`, form, 201),
    },
    {
      what: 'a robot fills in a form',
      told: [],
      happen: () => ask('POST', `/public/${tenant.slug}/contact`, { ...form, website: 'x' }, 201),
    },

    { what: 'news are written', told: [], happen: () => kept('news', 'news', open) },
    { what: 'they are approved', told: ['news_published'], happen: () => approve('news', made.news.id) },
    { what: 'they are approved again', told: [], happen: () => approve('news', made.news.id) },
    { what: 'a word of them changes', told: [], happen: () => edit('news', 'news', { summary: 'Open' }) },
    {
      what: 'they are taken back',
      told: ['news_withdrawn'],
      happen: () => edit('news', 'news', { status: 'withdrawn' }),
    },
    {
      what: 'they are published once more',
      told: [],
      happen: async () => {
        await edit('news', 'news', { status: 'draft' })
        await edit('news', 'news', { status: 'pending' })
        await approve('news', made.news.id)
      },
    },
    {
      what: 'they are removed',
      told: ['news_withdrawn'],
      happen: () => ask('DELETE', `/api/news/${made.news.id}`, undefined, 204),
    },
    {
      what: 'news are approved for later',
      told: [],
      happen: async () => {
        const publishedAt = new Date(app.clock.now().getTime() + hour).toISOString()
        await kept('later', 'news', { ...open, publishedAt })
        await approve('news', made.later.id)
      },
    },
    {
      what: 'their time comes',
      told: ['news_published'],
      happen: () => {
        app.clock.advance(hour)
        return runDueWork(app.deps, dueWork)
      },
    },

    { what: 'an event is planned', told: [], happen: () => kept('event', 'events', surgery) },
    { what: 'it is approved', told: ['event_published'], happen: () => approve('events', made.event.id) },
    {
      what: 'it takes place elsewhere',
      told: ['event_updated'],
      happen: () => edit('event', 'events', { venue: { name: 'Town hall' } }),
    },
    {
      what: 'it takes place where it does already',
      told: [],
      happen: () => edit('event', 'events', { venue: { name: 'Town hall' } }),
    },
    {
      what: 'it is cancelled',
      told: ['event_cancelled'],
      happen: () => edit('event', 'events', { status: 'cancelled' }),
    },
    {
      what: 'an event is planned and given up before anybody heard of it',
      told: [],
      happen: async () => {
        await kept('other', 'events', surgery)
        await ask('DELETE', `/api/events/${made.other.id}`, undefined, 204)
      },
    },
    {
      what: 'an event that everybody could see is removed',
      told: ['event_published', 'event_cancelled'],
      happen: async () => {
        await kept('other', 'events', surgery)
        await approve('events', made.other.id)
        await ask('DELETE', `/api/events/${made.other.id}`, undefined, 204)
      },
    },

    {
      what: 'a councillor is imported anew',
      told: ['councillor_profile_updated'],
      happen: () => load('email,party,phone,bio', 'ada@example.org,Green,0117 496 0000,For Ashley'),
    },
    {
      what: 'a councillor is imported as they are',
      told: [],
      happen: () => load('email,party', 'ada@example.org,Green'),
    },
    {
      what: 'a caseworker is imported anew',
      told: [],
      happen: () => load('email,name', 'carol@example.org,Carol Wright'),
    },

    {
      what: 'the webhook is tested',
      told: ['webhook_test'],
      happen: () => ask('POST', `/api/webhooks/${webhookId}/test`, undefined, 202),
    },
    {
      what: 'another webhook is made, tested, disabled and enabled',
      told: [],
      happen: async () => {
        made.other = await make('webhooks', { url: `${receiver.url}/all`, events: ['case_closed'] })
        for (const enabled of [false, true]) await edit('other', 'webhooks', { enabled })
        await ask('DELETE', `/api/webhooks/${made.other.id}`, undefined, 204)
      },
    },
    {
      what: 'another webhook says that it is gone',
      told: ['webhook_disabled'],
      happen: async () => {
        const dying = startReceiver()
        dying.answerNext(410)
        made.other = await make('webhooks', {
          url: `${dying.url}/old`,
          description: 'Gone',
          events: ['webhook_disabled'],
        })
        await ask('POST', `/api/webhooks/${made.other.id}/test`, undefined, 202)
        await deliverDue(app)
        await dying.stop()
      },
    },
  ]
}

const idForm = /^[a-z][a-z0-9]{23}$/
const portForm = /^127\.0\.0\.1:\d+$/

/** The same with a name for each value that is another in each run: where it stood first. */
export function withoutChance(value: unknown): unknown {
  const names = new Map<string, string>()
  const nameOf = (text: string, path: string) => {
    const taken = [...names.values()].filter((name) => name.replace(/ \d+$/, '') === path).length
    if (!names.has(text)) names.set(text, taken === 0 ? path : `${path} ${taken + 1}`)
    return names.get(text)
  }
  const walk = (part: unknown, path: string): unknown => {
    if (Array.isArray(part)) return part.map((one) => walk(one, path))
    if (typeof part === 'object' && part !== null) {
      return Object.fromEntries(
        Object.entries(part).map(([name, one]) => [name, walk(one, path ? `${path}.${name}` : name)]),
      )
    }
    if (typeof part !== 'string') return part
    if (portForm.test(part)) return '127.0.0.1:port'
    return idForm.test(part) ? nameOf(part, path) : part
  }
  return walk(value, '')
}

/** The first of each event, in the order of the catalogue. */
export function firstOfEach(sent: readonly Received[]): Record<string, unknown> {
  const first = Object.fromEntries(
    eventNames.map((name) => [name, sent.find(({ body }) => body.event === name)?.body ?? null]),
  )
  const bodies = withoutChance(Object.values(first)) as unknown[]
  return Object.fromEntries(eventNames.map((name, i) => [name, bodies[i]]))
}

export const goldenPath = `${import.meta.dir}/payloads.golden.json`

/** Tells the whole story to a receiver that asks for everything, and returns what it was sent at each step. */
export async function tellAll(app: TestApp): Promise<(Step & { sent: Received[] })[]> {
  const receiver = startReceiver()
  const council = await createCouncil(app, 'avon')
  const steps: (Step & { sent: Received[] })[] = []
  for (const step of await storyOf(app, council, receiver)) {
    app.clock.advance(60_000)
    await step.happen()
    steps.push({ ...step, sent: await sentTo(app, receiver) })
  }
  await receiver.stop()
  return steps
}
