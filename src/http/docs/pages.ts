import { Elysia } from 'elysia'
import favicon from 'swagger-ui-dist/favicon-32x32.png' with { type: 'file' }
import userInterfaceStyles from 'swagger-ui-dist/swagger-ui.css' with { type: 'file' }
import bundle from 'swagger-ui-dist/swagger-ui-bundle.js' with { type: 'file' }
import { notFound } from '../../lib/errors'
import { guideList, guides } from './guides'
import { type Html, page } from './html'
import userInterface from './index.html' with { type: 'text' }
import styles from './pages.css' with { type: 'text' }
import { referencePage } from './reference'
import startStyles from './start.css' with { type: 'text' }
import start from './start.js' with { type: 'text' }
import type { ApiDocument } from './types'

const asset = (body: string | Blob, type: string) =>
  new Response(body, { headers: { 'content-type': type, 'cache-control': 'public, max-age=3600' } })

const hidden = { detail: { hide: true } }

/** Only this server's own files may run; Swagger UI draws its icons from data: images. */
const userInterfacePolicy =
  "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; " +
  "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Bun types every .html import as a bundle, but with `type: 'text'` it is text.
const showUserInterface = () =>
  new Response(userInterface as unknown as string, {
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': userInterfacePolicy },
  })

function showGuide(topic: string): Response {
  const guide = guides.find((one) => one.topic === topic)
  if (!guide) throw notFound('Guide')
  return page(`${guide.title} – Reeve API`, `/swagger/guide/${topic}`, guide.main)
}

/** Everything under `/swagger`; the document is made at the first request for it. */
export function pages(document: () => ApiDocument) {
  const made: { reference?: Html } = {}
  const showReference = () => {
    made.reference ??= referencePage(document())
    return page('Reference – Reeve API', '/swagger/reference', made.reference)
  }
  return new Elysia()
    .get('/swagger', showUserInterface, hidden)
    .get('/swagger/json', () => document(), hidden)
    .get('/swagger/reference', showReference, hidden)
    .get('/swagger/guide', () => page('Guides – Reeve API', '/swagger/guide', guideList), hidden)
    .get('/swagger/guide/:topic', ({ params }) => showGuide(params.topic), hidden)
    .get('/swagger/assets/swagger-ui-bundle.js', () => asset(Bun.file(bundle), 'text/javascript'), hidden)
    .get('/swagger/assets/swagger-ui.css', () => asset(Bun.file(userInterfaceStyles), 'text/css'), hidden)
    .get('/swagger/assets/favicon.png', () => asset(Bun.file(favicon), 'image/png'), hidden)
    .get('/swagger/assets/pages.css', () => asset(styles, 'text/css'), hidden)
    .get('/swagger/assets/start.css', () => asset(startStyles, 'text/css'), hidden)
    .get('/swagger/assets/start.js', () => asset(start, 'text/javascript'), hidden)
}
