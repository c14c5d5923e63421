const text = { type: 'string' }
const address = { type: 'string', format: 'uri' }
const date = { type: 'string', format: 'date-time' }
const author = {
  type: 'object',
  properties: { name: text, url: address, avatar: address },
  minProperties: 1,
  additionalProperties: false,
}
const authors = { type: 'array', items: author }

/** What https://www.jsonfeed.org/version/1.1/ asks of an item. */
const item = {
  type: 'object',
  required: ['id'],
  properties: {
    id: text,
    url: address,
    external_url: address,
    title: text,
    content_html: text,
    content_text: text,
    summary: text,
    image: address,
    banner_image: address,
    date_published: date,
    date_modified: date,
    authors,
    tags: { type: 'array', items: text },
    language: text,
    attachments: {
      type: 'array',
      items: {
        type: 'object',
        required: ['url', 'mime_type'],
        properties: { url: address, mime_type: text },
      },
    },
  },
  anyOf: [{ required: ['content_html'] }, { required: ['content_text'] }],
  additionalProperties: false,
}

/** JSON Feed 1.1 without what it only allows for the sake of 1.0. */
export const jsonFeed = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  required: ['version', 'title', 'items'],
  properties: {
    version: { const: 'https://jsonfeed.org/version/1.1' },
    title: text,
    home_page_url: address,
    feed_url: address,
    description: text,
    user_comment: text,
    next_url: address,
    icon: address,
    favicon: address,
    authors,
    language: text,
    expired: { type: 'boolean' },
    hubs: { type: 'array' },
    items: { type: 'array', items: item },
  },
  additionalProperties: false,
}
