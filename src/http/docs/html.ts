const marks: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Escapes text for HTML, including attributes. */
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (mark) => marks[mark] as string)

/** HTML from our own markup and escaped values. */
export type Html = { readonly html: string }

type Part = Html | string | number | readonly Html[] | null

const textOf = (part: Part): string => {
  if (part === null) return ''
  if (typeof part === 'object') return 'html' in part ? part.html : part.map(({ html }) => html).join('')
  return escapeHtml(String(part))
}

/** Escapes its values unless they are `Html`. */
export const html = (texts: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  html: texts.map((text, i) => text + (i < parts.length ? textOf(parts[i] as Part) : '')).join(''),
})

/** For our own texts, rendered from Markdown. */
export const trusted = (markup: string): Html => ({ html: markup })

/** Text between backticks becomes code. */
export const sentence = (text: string): Html =>
  trusted(escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>'))

/** These pages need only their own stylesheet. */
const pagePolicy =
  "default-src 'none'; style-src 'self'; img-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const here = (path: string, current: string) => (path === current ? html` aria-current="page"` : null)

export function page(title: string, path: string, main: Html): Response {
  const links = [
    ['/swagger/reference', 'Reference'],
    ['/swagger/guide', 'Guides'],
    ['/swagger', 'Try it out'],
    ['/swagger/json', 'OpenAPI document'],
  ].map(([to = '', label = '']) => html`<li><a href="${to}"${here(to, path)}>${label}</a></li>`)
  const { html: text } = html`<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/swagger/assets/pages.css">
<link rel="icon" type="image/png" href="/swagger/assets/favicon.png">
</head>
<body>
<a class="skip" href="#main">Skip to the main part</a>
<header>
<p class="name">Reeve API</p>
<nav aria-label="Documentation"><ul>${links}</ul></nav>
</header>
<main id="main" tabindex="-1">
${main}
</main>
</body>
</html>
`
  return new Response(text, {
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': pagePolicy },
  })
}
