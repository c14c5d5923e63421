import type { EventCreate } from '../resources/events/model'
import type { NewsCreate } from '../resources/news/model'

/**
 * Relative to today, so that any demo has past and future events: weeks from this one, and the weekday, 0 for Monday.
 */
type DemoEvent = Pick<EventCreate, 'title' | 'type' | 'summary' | 'body' | 'venue'> & {
  week: number
  weekday: number
  /** Local start and end; an all-day event has none. */
  hours?: readonly [from: string, to: string]
  days?: number
  ward?: number
  organiser?: string
  becomes?: 'pending' | 'cancelled' | 'postponed'
}

type DemoNews = Pick<NewsCreate, 'title' | 'body' | 'summary' | 'source'> & {
  /** Days from today until publication, negative in the past. */
  day: number
  ward?: number
  becomes?: 'draft' | 'pending' | 'withdrawn'
}

const library = { name: 'Brookside Library', address: 'Mill Lane', latitude: 51.06, longitude: -4.17 }
const guildhall = { name: 'Guildhall', address: 'Church Street', latitude: 51.058, longitude: -4.15 }
const quay = { name: 'Harbour Green', address: 'Quay Parade', latitude: 51.061, longitude: -4.11 }

const surgery = {
  title: 'Ward surgery',
  type: 'surgery',
  summary: 'Bring what troubles you; no appointment needed.',
} as const

export const demoEvents: readonly DemoEvent[] = [
  {
    ...surgery,
    ...{ week: -4, weekday: 5, hours: ['10:00', '11:30'], ward: 0, organiser: 'fletcher@demo.example' },
    venue: library,
  },
  {
    title: 'Meeting of the full council',
    type: 'council_meeting',
    ...{ week: -3, weekday: 2, hours: ['18:30', '21:00'] },
    body: 'On the agenda:\n\n1. Budget\n2. Local plan\n3. Questions from the public',
    venue: guildhall,
  },
  {
    title: 'Beach clean',
    type: 'community',
    ...{ week: -2, weekday: 5, hours: ['09:00', '12:00'], ward: 4 },
    summary: 'Gloves and bags are provided.',
    venue: quay,
  },
  {
    title: 'Tree planting in the park',
    type: 'community',
    ...{ week: -1, weekday: 5, hours: ['11:00', '13:00'], ward: 5, becomes: 'cancelled' },
    summary: 'Called off: the ground is too wet.',
  },
  {
    title: 'Drop-in on the new cycle route',
    type: 'consultation',
    ...{ week: 1, weekday: 1, hours: ['15:00', '19:00'], ward: 2 },
    body: 'See the plans for **Castle View** and say what you think of them.\n\nWritten answers are welcome for three weeks more.',
    venue: guildhall,
  },
  {
    ...surgery,
    ...{ week: 1, weekday: 5, hours: ['10:00', '11:30'], ward: 0, organiser: 'fletcher@demo.example' },
    venue: library,
  },
  {
    ...surgery,
    ...{ week: 2, weekday: 3, hours: ['17:00', '18:30'], ward: 2, organiser: 'nowak@demo.example' },
    venue: { name: 'Castle Hill Community Centre', address: 'Castle View' },
  },
  {
    title: 'Harbour fair',
    type: 'community',
    ...{ week: 3, weekday: 5, days: 2, ward: 4 },
    body: 'Two days of music, boats and food.\n\n- Saturday: raft race\n- Sunday: market',
    venue: quay,
  },
  {
    title: 'Meeting of the full council',
    type: 'council_meeting',
    ...{ week: 4, weekday: 2, hours: ['18:30', '21:00'] },
    venue: guildhall,
  },
  {
    title: 'Residents’ forum on flooding',
    type: 'meeting',
    ...{ week: 4, weekday: 3, hours: ['19:00', '20:30'], ward: 7, becomes: 'postponed' },
    summary: 'A new date will be found.',
    venue: { name: 'Priory Hall', address: 'Orchard Close' },
  },
  {
    ...surgery,
    ...{ week: 5, weekday: 5, hours: ['10:00', '11:30'], ward: 1, organiser: 'fletcher@demo.example' },
    venue: library,
  },
  {
    title: 'Repair café',
    type: 'community',
    ...{ week: 6, weekday: 5, hours: ['13:00', '16:00'], becomes: 'pending' },
    summary: 'Mend it, do not bin it.',
  },
]

export const demoNews: readonly DemoNews[] = [
  {
    title: 'Have your say on the local plan',
    day: -40,
    summary: 'The draft is open to comments for six weeks.',
    body: 'The draft says where homes and workplaces may be built.\n\n## How to take part\n\n- Read it at any library\n- Write to us\n- Come to a drop-in',
  },
  {
    title: 'Garden waste is collected again',
    day: -33,
    body: 'From Monday on, **brown bins** are emptied every second week.',
  },
  {
    title: 'Station Road closed for gas works',
    day: -26,
    ward: 9,
    source: 'Saltmarsh Highways',
    body: 'The road is closed between Mill Lane and the bridge. Buses go by Church Street.',
  },
  {
    title: 'New swings in the park',
    day: -19,
    ward: 5,
    body: 'The playground has new swings, *one of them for wheelchairs*.',
  },
  {
    title: 'Station Road is open again',
    day: -14,
    ward: 9,
    body: 'The works are **finished**, a week early.',
  },
  {
    title: 'Car park charges to change',
    day: -9,
    body: 'The first hour will be free in all car parks of the district.',
    becomes: 'withdrawn',
  },
  {
    title: 'Flood wardens wanted',
    day: -5,
    ward: 7,
    summary: 'An evening of training is all you need.',
    body: 'Flood wardens knock on doors when the river rises.\n\n> It is two evenings a year, and you get to know your street.',
  },
  {
    title: 'Bin collections over the bank holiday',
    day: -2,
    body: '| Usual day | New day |\n| --- | --- |\n| Monday | Tuesday |\n| Tuesday | Wednesday |',
  },
  {
    title: 'Library hours change',
    day: 7,
    ward: 1,
    body: 'Brookside Library opens on Sundays from next month.',
  },
  { title: 'Budget in short', day: 0, body: 'Where each pound goes: *figures to come*.', becomes: 'draft' },
  {
    title: 'Harbour fair: the programme',
    day: 0,
    ward: 4,
    body: 'Raft race on Saturday, market on Sunday.',
    becomes: 'pending',
  },
]
