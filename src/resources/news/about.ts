import { type About, prefixed, reachOfWards, webhookEvent } from '../../core/about'
import { Strict } from '../../core/schema'
import { changedAt, createdAt, ids } from '../sample-values'
import { NewsView } from './model'

const actions = {
  'news.approve': 'News approved',
  'news.create': 'News created',
  'news.delete': 'News deleted',
  'news.export': 'News exported',
  'news.import': 'News imported',
  'news.publish': 'News published as scheduled',
  'news.update': 'News changed',
} as const

declare module '../../core/about' {
  interface Actions extends NewsActions {}
}
type NewsActions = typeof actions

const data = Strict({ news: NewsView })

const event = (description: string) => webhookEvent(description, data, ({ news }) => reachOfWards(news))

export const sampleId = 'n2w8s5d1f7g3h9j4k6l0q2gg'

export const newsAbout = {
  tag: { name: 'News', description: 'What the council publishes, now or at a set time.' },
  scopes: {
    'news:read': { heading: 'News', allows: 'View news' },
    'news:write': { heading: 'News', allows: 'Create, change, approve and delete news' },
  },
  entities: { news: 'News' },
  actions,
  events: {
    news_published: event('News became public for the first time.'),
    news_withdrawn: event('Published news was withdrawn.'),
  },
  parameters: {
    'news.status': 'Only news in these states',
    'news.approved': 'Only news that is published or scheduled, or only the rest',
    'news.wardId': 'Only news for this ward',
    'news.source': 'Only news from this source',
    'news.from': 'Only news published, or to be published, on or after this instant',
    'news.to': 'Only news published, or to be published, before this instant',
  },
  samples: {
    'news.id': sampleId,
    ...prefixed('News', {
      id: sampleId,
      title: 'Mina Road is open again',
      slug: 'mina-road-is-open-again',
      summary: 'The works at the junction with James Street are over.',
      body: 'The works are **finished**.',
      bodyHtml: '<p>The works are <strong>finished</strong>.</p>',
      source: null,
      imageUrl: null,
      wardIds: [ids.ward],
      status: 'published',
      approved: true,
      publishedAt: changedAt,
      expiresAt: null,
      createdAt,
      updatedAt: changedAt,
    }),
    ...prefixed('createdBy', { id: ids.user, name: 'Ada Green' }),
    ...prefixed('createNews', {
      wardIds: [],
      status: 'pending',
      approved: false,
      updatedAt: createdAt,
    }),
    'updateNews.approved': false,
  },
} satisfies About
