import { swagger } from '@elysiajs/swagger'
import { Elysia } from 'elysia'
import favicon from 'swagger-ui-dist/favicon-32x32.png' with { type: 'file' }
import styles from 'swagger-ui-dist/swagger-ui.css' with { type: 'file' }
import bundle from 'swagger-ui-dist/swagger-ui-bundle.js' with { type: 'file' }
import { version } from '../lib/version'
import pageFile from './docs/index.html' with { type: 'text' }
import start from './docs/start.js' with { type: 'text' }

const documentation = {
  info: {
    title: 'Reeve API',
    version,
    description:
      'Casework for councils and councillors. Send an API key as `Authorization: Bearer KEY` or `X-API-Key: KEY`. ' +
      'Every answer is JSON; every error is `{"error": …, "details": …}`. 100 requests a minute a key.',
  },
  tags: [
    { name: 'Account', description: 'The key itself' },
    { name: 'Cases', description: 'Residents’ problems and their progress' },
    { name: 'Wards', description: 'The areas that councillors stand for' },
    { name: 'Categories', description: 'What cases are about' },
    { name: 'System', description: 'Health and version; no key needed' },
  ],
  components: {
    securitySchemes: {
      bearer: { type: 'http', scheme: 'bearer', description: 'An API key' },
      apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'An API key' },
    },
  },
} as const

// Bun types every .html import as a bundle; with `type: 'text'` it is the text.
const page = pageFile as unknown as string

const asset = (body: string | Blob, type: string) =>
  new Response(body, { headers: { 'content-type': type, 'cache-control': 'public, max-age=3600' } })

const hidden = { detail: { hide: true } }

/** Only what this server itself sends may run; the user interface sets inline styles and draws with data: images. */
const policy =
  "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; " +
  "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/**
 * The API document at `/swagger/json` and its user interface at `/swagger`, from files embedded in the binary.
 * The plugin's own page would load its parts from another host, so ours takes its place.
 */
export const docs = new Elysia({ name: 'docs' })
  .use(swagger({ path: '/swagger', specPath: '/swagger/json', documentation: documentation as never }))
  .get(
    '/swagger',
    () =>
      new Response(page, {
        headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy },
      }),
    hidden,
  )
  .get('/swagger/assets/swagger-ui-bundle.js', () => asset(Bun.file(bundle), 'text/javascript'), hidden)
  .get('/swagger/assets/swagger-ui.css', () => asset(Bun.file(styles), 'text/css'), hidden)
  .get('/swagger/assets/favicon.png', () => asset(Bun.file(favicon), 'image/png'), hidden)
  .get('/swagger/assets/start.js', () => asset(start, 'text/javascript'), hidden)
