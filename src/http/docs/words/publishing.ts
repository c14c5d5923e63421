import type { Json } from '../types'
import { changed, ids, made } from './ids'

const eventBody = 'Come and *talk* to Owen Price, no appointment needed.\n\n- streets and parking\n- housing'
const eventHtml =
  '<p>Come and <em>talk</em> to Owen Price, no appointment needed.</p>\n<ul>\n<li>streets and parking</li>\n' +
  '<li>housing</li>\n</ul>'

/** Events and news. */
const samples: Record<string, Json> = {
  'events.id': ids.event,
  'Event.id': ids.event,
  'Event.title': 'Ward surgery at the library',
  'Event.summary': 'Meet your councillor',
  'Event.body': eventBody,
  'Event.bodyHtml': eventHtml,
  'Event.type': 'surgery',
  'Event.startAt': '2026-05-09T09:00:00.000Z',
  'Event.endAt': '2026-05-09T11:00:00.000Z',
  'Event.allDay': false,
  'Event.onlineUrl': null,
  'Event.wardIds': [ids.ward],
  'Event.organiserId': ids.councillor,
  'Event.bookingUrl': null,
  'Event.status': 'approved',
  'Event.approved': true,
  'Event.sequence': 0,
  'Event.createdAt': made,
  'Event.updatedAt': changed,
  'venue.name': 'Junction 3 Library',
  'venue.address': 'Lower Ashley Road, Bristol',
  'venue.latitude': 51.4629,
  'venue.longitude': -2.5746,
  'createEvent.startAt': '2026-05-09T09:00:00.000Z',
  'createEvent.endAt': '2026-05-09T11:00:00.000Z',
  'createEvent.bodyHtml': '<p>Come and <em>talk</em> to Owen Price, no appointment needed.</p>',
  'createEvent.wardIds': [],
  'createEvent.status': 'pending',
  'createEvent.approved': false,
  'createEvent.updatedAt': made,
  'updateEvent.sequence': 1,
  'news.id': ids.news,
  'News.id': ids.news,
  'News.title': 'Mina Road is open again',
  'News.slug': 'mina-road-is-open-again',
  'News.summary': 'The works at the junction with James Street are over.',
  'News.body': 'The works are **finished**.',
  'News.bodyHtml': '<p>The works are <strong>finished</strong>.</p>',
  'News.source': null,
  'News.imageUrl': null,
  'News.wardIds': [ids.ward],
  'News.status': 'published',
  'News.approved': true,
  'News.publishedAt': changed,
  'News.expiresAt': null,
  'News.createdAt': made,
  'News.updatedAt': changed,
  'createdBy.id': ids.user,
  'createdBy.name': 'Ada Green',
  'createNews.wardIds': [],
  'createNews.status': 'pending',
  'createNews.approved': false,
  'createNews.updatedAt': made,
  'updateNews.approved': false,
  'Approved.approved': 1,
}

/** An event shows to everybody what it shows inside. */
const publicEvent = Object.entries(samples)
  .filter(([name]) => name.startsWith('Event.'))
  .map(([name, value]) => [`Public${name}`, value])

export const publishingSamples: Record<string, Json> = { ...samples, ...Object.fromEntries(publicEvent) }
