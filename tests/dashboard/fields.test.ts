import { afterAll, beforeAll, expect, test } from 'bun:test'
import { createTestApp, type TestApp } from '../support/app'
import { unlimited } from '../support/http'
import { createSide, type Side } from '../support/sides'
import { createVisitor, signedInAs, type Visitor, withoutSecondFactor } from '../support/visitor'

/** A side has many things, and passwords are slow to hash. */
const openingMs = 60_000

let app: TestApp
let side: Side
let visitors: Visitor[]

beforeAll(async () => {
  app = await createTestApp(unlimited)
  side = await createSide(app, 'avon', 3)
  await withoutSecondFactor(side.council)
  const status = { status: 'in_progress' }
  await app.send('PATCH', `/api/cases/${side.references[0]}`, { key: side.council.key, body: status })
  visitors = [
    createVisitor(app),
    await signedInAs(app, side.council, { role: 'admin' }),
    await signedInAs(app, side.council, { role: 'councillor', wardIds: [side.ids.ward] }),
  ]
}, openingMs)
afterAll(() => app.close())

function addressOf(path: string): string {
  const { ids, references } = side
  const byArea: Record<string, string | undefined> = {
    keys: ids.key,
    users: ids.assignee,
    wards: ids.ward,
    categories: ids.category,
    cases: references[0],
  }
  return path
    .replace(':status', 'resolved')
    .replace(/:(id|reference)\b/, byArea[path.split('/')[2] as string] ?? 'none')
}

/** The controls of the forms in the middle of a page, by the names of their fields. */
async function controlsOf(html: string): Promise<[name: string, control: string][]> {
  const found: [string, string][] = []
  await new HTMLRewriter()
    .on('main form[method=post] input, main form[method=post] textarea, main form[method=post] select', {
      element(element) {
        const name = element.getAttribute('name')
        const type = element.getAttribute('type') ?? ''
        if (name !== null && type !== 'hidden') found.push([name, `${element.tagName} ${type}`.trim()])
      },
    })
    .transform(new Response(html))
    .text()
  return found
}

test('no field of the dashboard has two different controls, which would spoil what the other saved', async () => {
  const forms = app.routes.entries.filter(({ method, path, permission }) => {
    const isSent = app.routes.entries.some((other) => other.method === 'POST' && other.path === path)
    return method === 'GET' && permission !== null && path.startsWith('/admin') && isSent
  })
  const controls = new Map<string, Set<string>>()
  for (const { path } of forms) {
    for (const visitor of visitors) {
      const { status, html } = await visitor.see(addressOf(path))
      if (status !== 200) continue
      for (const [name, control] of await controlsOf(html)) {
        controls.set(name, (controls.get(name) ?? new Set()).add(control))
      }
    }
  }
  expect(forms.length).toBeGreaterThan(20)
  expect(controls.size).toBeGreaterThan(50)
  const several = [...controls].filter(([, kinds]) => kinds.size > 1)
  expect(several.map(([name, kinds]) => `${name}: ${[...kinds].join(', ')}`)).toEqual([])
}, 60_000)
