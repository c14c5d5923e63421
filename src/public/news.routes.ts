import { Elysia } from 'elysia'
import type { Deps } from '../core/ctx'
import { visitor } from '../http/visitor'
import { sampleId } from '../resources/news/about'
import { answerPublicly } from './answer'
import { feedTypes, toAtom, toJsonFeed, toRss } from './feed'
import { newsChanged, newsFeed } from './news'
import { baseUrl, namedWard, WardQuery } from './place'
import { sampleAtom, sampleJsonFeed, sampleRss } from './sample-files'

const sample = {
  part: 'news',
  id: `urn:x-reeve:news:${sampleId}`,
  title: 'Mina Road is open again',
  link: 'news/mina-road-is-open-again',
  html: '<p>The works are <strong>finished</strong>.</p>',
}

const renderings = [
  { format: 'json', name: 'JSON Feed 1.1', render: toJsonFeed, responses: sampleJsonFeed(sample) },
  { format: 'rss', name: 'RSS 2.0', render: toRss, responses: sampleRss(sample) },
  { format: 'atom', name: 'Atom', render: toAtom, responses: sampleAtom(sample) },
] as const

export function publicNewsRoutes(deps: Deps) {
  const { config, clock } = deps
  const app = new Elysia({ prefix: '/public/:tenant', tags: ['Public'] }).use(visitor(deps))
  for (const { format, name, render, responses } of renderings) {
    app.get(
      `/news.${format}`,
      async ({ ctx, council, request, query }) => {
        const changedAt = await newsChanged(ctx, council)
        const ward = await namedWard(ctx, query.ward)
        const text = render(await newsFeed(ctx, baseUrl(config, request), ward, changedAt))
        return answerPublicly(request, { type: feedTypes[format], text, changedAt, now: clock.now() })
      },
      {
        visitor: 'reader',
        query: WardQuery,
        detail: {
          operationId: `getNewsAs${format[0]?.toUpperCase()}${format.slice(1)}`,
          summary: `Follow news as ${name}`,
          description:
            'The newest published news; with `ward`, only news for that ward or the whole council.',
          responses,
        },
      },
    )
  }
  return app
}
