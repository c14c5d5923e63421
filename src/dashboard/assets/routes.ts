import close from '@ministryofjustice/frontend/moj/assets/images/icon-close-cross-black.svg' with {
  type: 'file',
}
import remove from '@ministryofjustice/frontend/moj/assets/images/icon-tag-remove-cross.svg' with {
  type: 'file',
}
import removeWhite from '@ministryofjustice/frontend/moj/assets/images/icon-tag-remove-cross-white.svg' with {
  type: 'file',
}
import toggle from '@ministryofjustice/frontend/moj/assets/images/icon-toggle-plus-minus.svg' with {
  type: 'file',
}
import mojStyles from '@ministryofjustice/frontend/moj/moj-frontend.min.css' with { type: 'file' }
import moj from '@ministryofjustice/frontend/moj/moj-frontend.min.js' with { type: 'file' }
import autocompleteStyles from 'accessible-autocomplete/dist/accessible-autocomplete.min.css' with {
  type: 'file',
}
import autocomplete from 'accessible-autocomplete/dist/accessible-autocomplete.min.js' with { type: 'file' }
import { Elysia } from 'elysia'
import govukStyles from 'govuk-frontend/dist/govuk/govuk-frontend.min.css' with { type: 'file' }
import govuk from 'govuk-frontend/dist/govuk/govuk-frontend.min.js' with { type: 'file' }
import { notFound } from '../../lib/errors'
import ownStyles from './dashboard.css' with { type: 'file' }
import favicon from './favicon.svg' with { type: 'file' }
import { embedFold } from './fold.embed' with { type: 'macro' }
import longList from './long-list.js' with { type: 'file' }
import manyOptions from './many-options.js' with { type: 'file' }
import matching from './matching.js' with { type: 'file' }
import sessionEnd from './session-end.js' with { type: 'file' }
import start from './start.js' with { type: 'file' }

/** By the name in the address. */
const files: Record<string, [path: string, type: string]> = {
  'accessible-autocomplete.js': [autocomplete, 'text/javascript'],
  'favicon.svg': [favicon, 'image/svg+xml'],
  'govuk-frontend.js': [govuk, 'text/javascript'],
  'icon-close-cross-black.svg': [close, 'image/svg+xml'],
  'icon-tag-remove-cross.svg': [remove, 'image/svg+xml'],
  'icon-tag-remove-cross-white.svg': [removeWhite, 'image/svg+xml'],
  'icon-toggle-plus-minus.svg': [toggle, 'image/svg+xml'],
  'long-list.js': [longList, 'text/javascript'],
  'many-options.js': [manyOptions, 'text/javascript'],
  'matching.js': [matching, 'text/javascript'],
  'moj-frontend.js': [moj, 'text/javascript'],
  'session-end.js': [sessionEnd, 'text/javascript'],
  'start.js': [start, 'text/javascript'],
}

const foldScript: string = embedFold()

const kept = { 'cache-control': 'public, max-age=3600' }

/**
 * One file of styles. A council is not GOV.UK and may use neither its typeface nor its crest, so both are taken out and text
 * is set in a typeface that every machine has.
 */
async function joinStyles(): Promise<string> {
  const parts = await Promise.all(
    [govukStyles, mojStyles, autocompleteStyles, ownStyles].map((path) => Bun.file(path).text()),
  )
  return parts
    .join('\n')
    .replace(/@font-face\{[^}]*\}/g, '')
    .replaceAll('GDS Transport,arial', 'arial')
    .replace(/background-image:url\([^)]*govuk-crest[^)]*\);?/g, '')
    .replaceAll(/[^{}]*\{[^{}]*govuk-crest[^{}]*\}/g, '')
    .replaceAll('url(/assets/images/', 'url(')
    .replaceAll(/\/\*# sourceMappingURL=[^*]*\*\//g, '')
}

/** Styles, scripts and images: all from this server. */
export function assetRoutes() {
  const made: { styles?: Promise<string> } = {}
  return new Elysia({ prefix: '/admin/assets' })
    .get(
      '/dashboard.css',
      async () => {
        made.styles ??= joinStyles()
        return new Response(await made.styles, {
          headers: { 'content-type': 'text/css; charset=utf-8', ...kept },
        })
      },
      { detail: { hide: true } },
    )
    .get(
      '/fold.js',
      () => new Response(foldScript, { headers: { 'content-type': 'text/javascript', ...kept } }),
      {
        detail: { hide: true },
      },
    )
    .get(
      '/:file',
      ({ params }) => {
        const [path, type] = Object.hasOwn(files, params.file) ? (files[params.file] ?? []) : []
        if (path === undefined || type === undefined) throw notFound('File')
        return new Response(Bun.file(path), { headers: { 'content-type': type, ...kept } })
      },
      { detail: { hide: true } },
    )
}
