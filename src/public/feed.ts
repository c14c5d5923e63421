import { Feed, type FeedOptions, type Item } from 'feed'

export type FeedShape = {
  id: string
  title: string
  author: string
  description: string
  /** The council’s own. */
  website: string | undefined
  /** A page about the feeds. */
  guide: string
  self: { rss?: string; atom?: string; json?: string }
  updated: Date
  items: readonly FeedItem[]
}

export type FeedItem = {
  id: string
  title: string
  /** A page for people about the item, if there is one. */
  link: string | undefined
  summary: string | null
  html: string
  published: Date
  updated: Date
  imageUrl?: string | null
  tags?: readonly string[]
}

/**
 * XML allows neither most control characters nor lone surrogates. What such a character stood between stays apart: Word puts
 * U+000B where a line was broken by hand.
 */
export const plain = (text: string) => text.replace(/[^\P{Cc}\t\n\r]+|[\uFFFE\uFFFF]/gu, ' ').toWellFormed()

function feedOf(shape: FeedShape, more: Partial<FeedOptions> = {}): Feed {
  const { id, title, author, description, website = '', self, updated, items } = shape
  const feed = new Feed({
    id,
    title: plain(title),
    description: plain(description),
    // The library leaves out an empty link.
    link: website,
    feedLinks: self,
    language: 'en-GB',
    updated,
    generator: 'Reeve',
    copyright: plain(author),
    ...more,
  })
  for (const item of items) feed.addItem(itemOf(item))
  return feed
}

function itemOf({ id, title, link, summary, html, published, updated, imageUrl, tags = [] }: FeedItem): Item {
  return {
    id,
    title: plain(title),
    // The library has a link for each item; RSS and JSON Feed do not, and Atom not for an entry that has its content.
    link: link as string,
    content: plain(html),
    published,
    date: updated,
    ...(summary === null ? {} : { description: plain(summary) }),
    ...(imageUrl ? { image: imageUrl } : {}),
    category: tags.map((name) => ({ name: plain(name), term: plain(name) })),
  }
}

/** Feed readers take a plain-text title for HTML if it looks like it. */
const guarded = (text: string) => text.replace(/</g, '&lt;').replace(/>/g, '&gt;')

const withTexts = (shape: FeedShape, change: (text: string) => string): FeedShape => ({
  ...shape,
  items: shape.items.map((item) => ({
    ...item,
    title: change(item.title),
    summary: item.summary === null ? null : change(item.summary),
  })),
})

/** An enclosure needs a type and a length, which we do not know for an address, so a picture goes above the text instead. */
const withPictures = (shape: FeedShape): FeedShape => ({
  ...shape,
  items: shape.items.map(({ imageUrl, html, ...item }) => ({
    ...item,
    html: imageUrl ? `<p><img src="${Bun.escapeHTML(imageUrl)}" alt=""></p>\n${html}` : html,
  })),
})

/** RSS 2.0 requires a link for the whole feed. */
export const toRss = (shape: FeedShape): string =>
  feedOf(withPictures(withTexts(shape, guarded)), { link: shape.website ?? shape.guide }).rss2()

/**
 * Atom 1.0 (RFC 4287), which requires an author. The library writes titles and summaries as HTML, so readers that expect
 * plain text show `Tea &amp; cake`, and it writes an empty link for an entry without one.
 */
export const toAtom = (shape: FeedShape): string =>
  feedOf(withPictures(withTexts(shape, Bun.escapeHTML)), { author: { name: plain(shape.author) } })
    .atom1()
    .replace(/<(title|summary) type="html"><!\[CDATA\[([^<>]*)\]\]>/g, '<$1>$2')
    .replace(/\n *<link\/>/g, '')

/** JSON Feed 1.1; the library writes 1.0, which differs only in the version and the language. */
export function toJsonFeed(shape: FeedShape): string {
  const feed = JSON.parse(feedOf(shape).json1())
  return JSON.stringify({ ...feed, version: 'https://jsonfeed.org/version/1.1', language: 'en-GB' })
}

export const feedTypes = {
  rss: 'application/rss+xml; charset=utf-8',
  atom: 'application/atom+xml; charset=utf-8',
  json: 'application/feed+json; charset=utf-8',
}
