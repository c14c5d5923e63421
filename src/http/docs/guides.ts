import casework from '../../../docs/guide/casework.md' with { type: 'text' }
import conditional from '../../../docs/guide/conditional-requests.md' with { type: 'text' }
import errors from '../../../docs/guide/errors.md' with { type: 'text' }
import eventsAndNews from '../../../docs/guide/events-and-news.md' with { type: 'text' }
import exporting from '../../../docs/guide/exporting.md' with { type: 'text' }
import changes from '../../../docs/guide/following-changes.md' with { type: 'text' }
import idempotency from '../../../docs/guide/idempotency.md' with { type: 'text' }
import keys from '../../../docs/guide/keys.md' with { type: 'text' }
import limits from '../../../docs/guide/limits.md' with { type: 'text' }
import paging from '../../../docs/guide/paging.md' with { type: 'text' }
import publicSide from '../../../docs/guide/public.md' with { type: 'text' }
import reports from '../../../docs/guide/reports.md' with { type: 'text' }
import residents from '../../../docs/guide/residents.md' with { type: 'text' }
import searching from '../../../docs/guide/searching.md' with { type: 'text' }
import settingsAndAudit from '../../../docs/guide/settings-and-audit.md' with { type: 'text' }
import wards from '../../../docs/guide/wards.md' with { type: 'text' }
import webhooks from '../../../docs/guide/webhooks.md' with { type: 'text' }
import { type Html, html, trusted } from './html'

const texts: Record<string, string> = {
  keys,
  limits,
  paging,
  errors,
  'conditional-requests': conditional,
  idempotency,
  casework,
  residents,
  searching,
  'following-changes': changes,
  exporting,
  wards,
  webhooks,
  'events-and-news': eventsAndNews,
  reports,
  public: publicSide,
  'settings-and-audit': settingsAndAudit,
}

const titleOf = (text: string) => /^# (.+)$/m.exec(text)?.[1] ?? ''
const firstSentence = (text: string) => text.split('\n\n')[1]?.replaceAll('\n', ' ').replaceAll('`', '') ?? ''

const regionOf = (label: string) => `tabindex="0" role="region" aria-label="${label}"`

/** Scrolling code and tables must be reachable from the keyboard; links between files become links between pages. */
function render(text: string): Html {
  let count = 0
  let tables = 0
  const markup = Bun.markdown
    .html(text, { noHtmlBlocks: true, noHtmlSpans: true, headings: { ids: true } })
    .replaceAll('<pre>', () => `<pre ${regionOf(`Code ${++count}`)}>`)
    .replaceAll('<table>', () => `<div class="scrolled" ${regionOf(`Table ${++tables}`)}><table>`)
    .replaceAll('</table>', '</table></div>')
    .replaceAll('<th>', '<th scope="col">')
    .replace(/href="([a-z-]+)\.md"/g, 'href="/swagger/guide/$1"')
  return trusted(markup)
}

export type Guide = { topic: string; title: string; main: Html }

export const guides: readonly Guide[] = Object.entries(texts).map(([topic, text]) => ({
  topic,
  title: titleOf(text),
  main: render(text),
}))

export const guideList: Html = html`<h1>Guides</h1>
<p>Each shows one thing that programs that use the API meet,
with code to copy: curl, JavaScript and Python.</p>
<dl>${Object.entries(texts).map(
  ([topic, text]) =>
    html`<dt><a href="/swagger/guide/${topic}">${titleOf(text)}</a></dt><dd>${firstSentence(text)}</dd>`,
)}</dl>`
