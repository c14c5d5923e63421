import { expect } from 'bun:test'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import type { Body } from '../resources/cases/support'
import { type Council, createCouncil, type SendOptions, type TestApp } from '../support/app'

/** What visitors read and send, and what the council does for them to see. */
export function publicSide(app: TestApp) {
  const api = async (
    { key }: Council,
    method: string,
    path: string,
    body: unknown,
    wanted: number,
  ): Promise<Body> => {
    const answer = await app.send(method, `/api/${path}`, { key, body })
    expect([path, answer.status, answer.body?.details ?? null]).toEqual([path, wanted, null])
    return answer.body
  }
  const make = (council: Council, collection: string, input: object) =>
    api(council, 'POST', collection, input, 201)
  const change = (council: Council, path: string, input: object) => api(council, 'PATCH', path, input, 200)
  return {
    make,
    change,
    /** Asks without a key. */
    read: ({ tenant }: Council, file: string, options: SendOptions = {}) =>
      app.send('GET', `/public/${tenant.slug}/${file}`, options),
    post: ({ tenant }: Council, form: string, body: unknown, options: SendOptions = {}) =>
      app.send('POST', `/public/${tenant.slug}/${form}`, { body, ...options }),
    /** News or an event that everybody may see. */
    publish: async (council: Council, collection: 'news' | 'events', input: object): Promise<Body> => {
      const { id } = await make(council, collection, input)
      await api(council, 'POST', `${collection}/approve`, { ids: [id] }, 200)
      return (await app.send('GET', `/api/${collection}/${id}`, { key: council.key })).body
    },
    /** A case that everybody may see. */
    show: async (council: Council, input: object): Promise<Body> => {
      const made = await make(council, 'cases', {
        summary: 'Inside words',
        publicSummary: 'Pothole',
        ...input,
      })
      return change(council, `cases/${made.id}`, { publicState: 'approved' })
    },
    remove: async ({ key }: Council, path: string) => {
      expect((await app.send('DELETE', `/api/${path}`, { key })).status).toBe(204)
    },
  }
}

let fresh = 0

/** A council that no other test knows. */
export const newCouncil = (app: TestApp): Promise<Council> => createCouncil(app, `fresh-${++fresh}`)

/** What feeds must bring through whole. */
export const hardText = 'Tea & <b>cake</b> ]]> 🎂 ŵŷ "quoted" <script>alert(1)</script>'

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  htmlEntities: false,
  isArray: (name) => ['item', 'entry', 'link', 'atom:link', 'category'].includes(name),
})

/** Reads XML, which must be well-formed: of characters that XML has, too. */
export function readXml(text: string): Body {
  expect(XMLValidator.validate(text)).toBe(true)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there.
  expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/)
  expect(text.isWellFormed()).toBe(true)
  return parser.parse(text)
}

/** The text of an element, which is an object where it has attributes. */
export const textOf = (element: Body): string => (typeof element === 'string' ? element : element['#text'])

/** A file of wards, each a square that ends at this longitude in the east. */
export const squares = (wards: Record<string, number>): string =>
  JSON.stringify({
    type: 'FeatureCollection',
    features: Object.entries(wards).map(([name, east]) => ({
      type: 'Feature',
      properties: { name },
      geometry: { type: 'Polygon', coordinates: [ringTo(east)] },
    })),
  })

const ringTo = (east: number) => [
  [east - 0.1, 51.4],
  [east, 51.4],
  [east, 51.5],
  [east - 0.1, 51.5],
  [east - 0.1, 51.4],
]

/** Twice the area that a ring goes round, positive where it does so counter-clockwise. */
export const turnOf = (ring: number[][]) =>
  ring.slice(1).reduce((sum, [x = 0, y = 0], i) => {
    const [beforeX = 0, beforeY = 0] = ring[i] as number[]
    return sum + beforeX * y - x * beforeY
  }, 0)
