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
import longList from './long-list.js' with { type: 'file' }
import manyOptions from './many-options.js' with { type: 'file' }
import start from './start.js' with { type: 'file' }

/** Files that are sent as they are, by the name they are asked for. */
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
  'moj-frontend.js': [moj, 'text/javascript'],
  'start.js': [start, 'text/javascript'],
}

const kept = { 'cache-control': 'public, max-age=3600' }

/**
 * The styles of all parts in one file. A council is not GOV.UK: neither its typeface nor its crest are sent, and text is
 * set in what every machine has.
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

/** What pages of the dashboard are made of besides their text; nothing of it comes from elsewhere. */
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
      '/:file',
      ({ params }) => {
        const [path, type] = Object.hasOwn(files, params.file) ? (files[params.file] ?? []) : []
        if (path === undefined || type === undefined) throw notFound('File')
        return new Response(Bun.file(path), { headers: { 'content-type': type, ...kept } })
      },
      { detail: { hide: true } },
    )
}
