import type { Json } from '../../lib/json'
import { type Html, html, sentence, trusted } from './html'
import { schemaDetails, schemaName } from './reference-schema'
import type { ApiDocument, ApiResponse, Content, Header, MediaType, Operation, Parameter, Ref } from './types'

type Entry = { method: string; path: string; operation: Operation }

const paragraphs = (text: string): Html[] => text.split('\n\n').map((part) => html`<p>${sentence(part)}</p>`)

const code = (value: Json, label: string): Html =>
  html`<pre tabindex="0" role="region" aria-label="${label}">
<code>${typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</code></pre>`

function resolve<T extends object>(components: Record<string, T>, thing: T | Ref): T {
  if (!('$ref' in thing)) return thing as T
  return components[String(thing.$ref).split('/').at(-1) ?? ''] as T
}

function parameterRows(document: ApiDocument, { operation }: Entry): Html | null {
  const rows = (operation.parameters ?? []).map((one) =>
    resolve<Parameter>(document.components.parameters, one),
  )
  if (rows.length === 0) return null
  const headings = ['Name', 'In', 'Value', 'Meaning'].map((name) => html`<th scope="col">${name}</th>`)
  const label = `Parameters of ${operation.operationId}`
  return html`<div class="wide" tabindex="0" role="region" aria-label="${label}">
<table>
<caption>Parameters</caption>
<thead><tr>${headings}</tr></thead>
<tbody>${rows.map(
    ({ name, in: place, required, description = '', schema }) => html`
<tr><th scope="row"><code>${name}</code></th>
<td>${place}${required ? ', required' : ''}</td>
<td>${schemaDetails(schema)}</td>
<td>${sentence(description)}</td></tr>`,
  )}
</tbody>
</table>
</div>`
}

const formats: Record<string, string> = {
  'application/json': 'JSON',
  'application/x-ndjson': 'JSON lines',
  'text/csv': 'CSV',
  'application/rss+xml': 'RSS',
  'application/atom+xml': 'Atom',
  'application/geo+json': 'GeoJSON',
  'text/calendar': 'iCalendar',
}

const bodyParts = (suffix: string, label: string, content: Content): Html =>
  html`${Object.entries(content).map(([type, media]) => {
    const name = formats[type] ?? type
    return mediaPart(`${name}${suffix}`, name === 'JSON' ? label : `${name} of ${label}`, media)
  })}`

const mediaPart = (title: string, label: string, media: MediaType): Html => {
  const examplesByName = media.examples ?? { example: { summary: 'Example', value: media.example ?? null } }
  const examples = Object.values(examplesByName).map(
    ({ summary, value }) => html`<p>${summary}:</p>${code(value, `${summary}, ${label}`)}`,
  )
  return html`<p>${title}: ${schemaName(media.schema)}</p>
${examples}`
}

function requestPart({ operation }: Entry): Html | null {
  const { requestBody, operationId } = operation
  if (!requestBody) return null
  return html`<h4>Body of ${operationId}</h4>
<p>${sentence(requestBody.description)}</p>
${bodyParts('', `body of ${operationId}`, requestBody.content)}`
}

const refusalLink = (status: string, answer: ApiResponse | Ref): Html =>
  '$ref' in answer
    ? html` <a href="#answer-${String(answer.$ref).split('/').at(-1) ?? ''}">More about ${status}</a>`
    : html``

function headerNames(answer: ApiResponse | Ref): Html | null {
  if ('$ref' in answer || !answer.headers) return null
  const names = Object.keys(answer.headers).map((name, i) => html`${i === 0 ? '' : ', '}<code>${name}</code>`)
  return html` Headers: ${names}.`
}

function answersPart(document: ApiDocument, { operation }: Entry): Html {
  const answers = Object.entries(operation.responses)
  const own = answers.filter(([, answer]) => !('$ref' in answer)) as [string, ApiResponse][]
  return html`<h4>Answers of ${operation.operationId}</h4>
<dl>${answers.map(([status, answer]) => {
    const { description } = resolve<ApiResponse>(document.components.responses, answer)
    return html`<dt>${status}</dt>
<dd>${sentence(description)}${refusalLink(status, answer)}${headerNames(answer)}</dd>`
  })}</dl>
${own.map(([status, { content }]) =>
  content ? bodyParts(` with ${status}`, `${status} of ${operation.operationId}`, content) : html``,
)}`
}

const operationPart = (document: ApiDocument, entry: Entry): Html => html`
<section aria-labelledby="${entry.operation.operationId}">
<h3 id="${entry.operation.operationId}">${entry.operation.summary}</h3>
<p class="call"><strong>${entry.method.toUpperCase()}</strong> <code>${entry.path}</code></p>
${paragraphs(entry.operation.description)}
${parameterRows(document, entry)}
${requestPart(entry)}
${answersPart(document, entry)}
</section>`

const anchor = (name: string) => `tag-${name.toLowerCase()}`

function contents(document: ApiDocument, byTag: [string, Entry[]][]): Html {
  return html`<nav class="contents" aria-labelledby="contents"><h2 id="contents">Contents</h2><ul>
${byTag.map(
  ([tag, entries]) =>
    html`<li><a href="#${anchor(tag)}">${tag}</a><ul>${entries.map(
      ({ operation }) => html`<li><a href="#${operation.operationId}">${operation.summary}</a></li>`,
    )}</ul></li>`,
)}
<li><a href="#answers">Refusals and headers</a></li>
<li><a href="#schemas">Objects</a><ul>${Object.keys(document.components.schemas).map(
    (name) => html`<li><a href="#schema-${name}">${name}</a></li>`,
  )}</ul></li>
</ul></nav>`
}

function sharedPart({ components: { responses, headers } }: ApiDocument): Html {
  return html`<h2 id="answers">Refusals and headers</h2>
${Object.entries(responses).map(
  ([name, { description, content }]) => html`<section aria-labelledby="answer-${name}">
<h3 id="answer-${name}">${name}</h3><p>${sentence(description)}</p>
${content ? bodyParts('', name, content) : null}</section>`,
)}
<h3 id="headers">Headers of answers</h3>
<dl>${Object.entries(headers).map(
    ([name, { description, example = null }]: [string, Header]) =>
      html`<dt><code>${name}</code></dt>
<dd>${sentence(description)}, such as <code>${String(example)}</code></dd>`,
  )}</dl>`
}

function schemaPart(name: string, document: ApiDocument): Html {
  const schema = document.components.schemas[name] ?? {}
  const fields = Object.entries(schema.properties ?? {})
  return html`<section aria-labelledby="schema-${name}"><h3 id="schema-${name}">${name}</h3>
${schema.description ? html`<p>${sentence(schema.description)}</p>` : null}
${fields.length === 0 ? html`<p>${schemaDetails(schema)}</p>` : null}
<dl>${fields.map(([field, property]) => {
    const words = property.description ? html`. ${sentence(property.description)}` : null
    return html`<dt><code>${field}</code>${schema.required?.includes(field) ? null : ', may be absent'}</dt>
<dd>${schemaDetails(property)}${words}</dd>`
  })}</dl></section>`
}

/** The document as one plain page, for reading, printing and searching. */
export function referencePage(document: ApiDocument): Html {
  const entries = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]): Entry => ({ method, path, operation })),
  )
  const byTag = document.tags.map(({ name }): [string, Entry[]] => [
    name,
    entries.filter(({ operation }) => operation.tags.includes(name)),
  ])
  const { title, version, description } = document.info
  return html`<h1>${title} ${version}</h1>
${trusted(Bun.markdown.html(description, { noHtmlBlocks: true, noHtmlSpans: true }))}
${contents(document, byTag)}
${byTag.map(
  ([tag, of]) => html`<h2 id="${anchor(tag)}">${tag}</h2>
<p>${document.tags.find(({ name }) => name === tag)?.description ?? ''}</p>
${of.map((entry) => operationPart(document, entry))}`,
)}
${sharedPart(document)}
<h2 id="schemas">Objects</h2>
${Object.keys(document.components.schemas).map((name) => schemaPart(name, document))}`
}
