import { createHash } from 'node:crypto'
import { render } from './render'

/** In the page itself, because the style sheet is refused to this address too. */
const style =
  'body{max-width:38em;margin:60px auto;padding:0 20px;font:1.1875rem/1.35 arial,sans-serif;color:#0b0c0c}' +
  'h1{font-size:2rem;line-height:1.2}'

const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The only page of the dashboard for addresses that may not use it. */
export async function showDoor(message: string, status: number): Promise<Response> {
  const html = await render('layout/door.njk', { message, style })
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'cache-control': 'no-store',
  }
  return new Response(html, { status, headers })
}
