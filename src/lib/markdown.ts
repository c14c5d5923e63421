import sanitize from 'sanitize-html'

/** No scripts, styles, frames or forms; links only to the web, e-mail and telephone. */
const allowed: sanitize.IOptions = {
  allowedTags: [
    ...['h2', 'h3', 'h4', 'h5', 'h6', 'p', 'br', 'hr', 'blockquote', 'ul', 'ol', 'li', 'pre', 'code'],
    ...['a', 'strong', 'em', 'del', 'sup', 'sub', 'img'],
    ...['table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ],
  allowedAttributes: {
    a: ['href', 'title'],
    img: ['src', 'alt', 'title'],
    ol: ['start'],
    th: ['align'],
    td: ['align'],
  },
  allowedSchemes: ['https', 'http', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['https', 'http'] },
  allowProtocolRelative: false,
  disallowedTagsMode: 'discard',
  // The page has its own first-level heading.
  transformTags: { h1: 'h2' },
}

const cache = new Map<string, string>()
const maxCached = 500

/** Converts Markdown to safe HTML, without anything that is not allowed. Results are cached. */
export function renderMarkdown(text: string): string {
  const cached = cache.get(text)
  if (cached !== undefined) return cached
  const html = sanitize(Bun.markdown.html(text, { autolinks: true }), allowed).trim()
  if (cache.size >= maxCached) cache.delete(cache.keys().next().value as string)
  cache.set(text, html)
  return html
}

/**
 * The same for readers on other sites: relative addresses are resolved against this one. Without one, such links become plain
 * text and such pictures disappear.
 */
export function renderMarkdownAt(base: string | undefined, text: string): string {
  const html = renderMarkdown(text)
  if (!/ (href|src)="(?!https?:|mailto:|tel:)/i.test(html)) return html
  const absolute = (address: string | undefined) =>
    address !== undefined && URL.canParse(address, base) ? new URL(address, base).href : undefined
  const follow = (at: 'href' | 'src') => (tagName: string, attribs: sanitize.Attributes) => {
    const { [at]: address, ...rest } = attribs
    const found = absolute(address)
    return { tagName, attribs: found === undefined ? rest : { ...rest, [at]: found } }
  }
  // The library would close the next element by the wrong name if a tag were renamed to one that is not allowed.
  const dropped = ({ tag, attribs }: sanitize.IFrame) => {
    if (tag === 'a' && attribs.href === undefined) return 'excludeTag'
    return tag === 'img' && attribs.src === undefined
  }
  return sanitize(html, {
    ...allowed,
    exclusiveFilter: dropped,
    transformTags: { a: follow('href'), img: follow('src') },
  })
}

/** Text without Markdown: a line for each heading, paragraph, item of a list and row of a table. */
export function plainText(text: string): string {
  const html = renderMarkdown(text)
    .replace(/\s+/g, ' ')
    .replace(/<\/t[dh]>/g, '$& ')
    .replace(/<li>/g, '\n- ')
    .replace(/<\/(p|li|h\d|tr|pre)>|<(br|hr) \/>|<(ul|ol)[^>]*>/g, '\n')
  const lines = sanitize(html, { allowedTags: [], allowedAttributes: {}, textFilter: withoutEntities })
    .split('\n')
    .map((line) => line.replace(/\s+/g, ' ').trim())
  return lines.filter((line) => line !== '').join('\n')
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' }

function withoutEntities(text: string): string {
  return text.replace(/&(amp|lt|gt|quot);/g, (_, name: string) => entities[name] as string)
}
