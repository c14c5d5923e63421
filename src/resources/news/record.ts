import { Type } from '@sinclair/typebox'
import { Markdown, WebAddress } from '../../core/publishing'
import { InstantOrDate, Nullable, OneOf, Strict, Text } from '../../core/schema'
import type { RecordShape } from '../../core/transfer'
import { newsStatuses } from './table'

/** News in a file: its wards by code or slug, its author by name. */
export const NewsRecord = Strict({
  slug: Type.Optional(
    Type.String({ pattern: '^[a-z0-9-]{1,250}$', description: 'lower-case letters, digits and hyphens' }),
  ),
  title: Text(200),
  summary: Type.Optional(Nullable(Text(500))),
  body: Markdown,
  source: Type.Optional(Nullable(Text(200))),
  imageUrl: Type.Optional(Nullable(WebAddress)),
  wards: Type.Optional(Type.Array(Text(200), { maxItems: 100 })),
  status: Type.Optional(OneOf(newsStatuses)),
  publishedAt: Type.Optional(Nullable(InstantOrDate)),
  expiresAt: Type.Optional(Nullable(InstantOrDate)),
  author: Type.Optional(Text(200)),
})

export const newsShape: RecordShape<typeof NewsRecord> = {
  list: 'news',
  one: 'news item',
  schema: NewsRecord,
  nameOf: ({ title }) => title,
}
