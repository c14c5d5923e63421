import type { Role } from '../../../../src/core/scopes'
import { type Body, caller } from '../../../resources/cases/support'
import { type Council, createCouncil, createTestApp, type TestApp } from '../../../support/app'
import { createTestCase } from '../../../support/casework'
import { unlimited } from '../../../support/http'
import { type Page, signedInAs, type Visitor, withoutSecondFactor } from '../../../support/visitor'

export type Person = Visitor & { id: string }

export type Office = {
  app: TestApp
  council: Council
  call: ReturnType<typeof caller>
  people: Record<Exclude<Role, 'councillor'>, Person>
  /** Creates a case with a key of the council. */
  make(input?: Record<string, unknown>): Promise<Body>
  /** Reads the case again. */
  now(id: string): Promise<Body>
}

/** Passwords are slow to hash, and there are several. */
export const openingMs = 30_000

/** A council at whose office an admin, a manager and a caseworker are signed in. */
export async function openOffice(): Promise<Office> {
  const app = await createTestApp(unlimited)
  const council = await createCouncil(app, 'avon')
  await withoutSecondFactor(council)
  const call = caller(app)
  return {
    app,
    council,
    call,
    people: {
      admin: await signedInAs(app, council, { role: 'admin', name: 'Ada Green' }),
      manager: await signedInAs(app, council, { role: 'manager', name: 'Max Brown' }),
      caseworker: await signedInAs(app, council, { role: 'caseworker', name: 'Cass White' }),
    },
    make: (input = {}) => createTestCase(app, council, input),
    now: async (id) => (await call.get(id, council)).body,
  }
}

export const pathOf = ({ reference }: { reference: string }, below = '') =>
  `/admin/cases/${reference}${below}`

const unescaped = (text: string) => text.replaceAll('&quot;', '"').replaceAll('&#39;', "'")

/** The version that the forms of a page change. */
export const tagIn = ({ html }: Page): string => {
  const [, tag] = /name="tag" value="([^"]+)"/.exec(html) ?? []
  if (tag === undefined) throw new Error('The page has no form with a tag')
  return unescaped(tag)
}

/** The value of an input or a text area. */
export function valueIn({ html }: Page, name: string): string | null {
  const input = new RegExp(`<input[^>]*name="${name}"[^>]*>`).exec(html)?.[0]
  if (input) return unescaped(/value="([^"]*)"/.exec(input)?.[1] ?? '')
  const area = new RegExp(`<textarea[^>]*name="${name}"[^>]*>([^<]*)<`).exec(html)
  return area ? unescaped(area[1] as string) : null
}

/** The texts of the buttons of a page. */
export const offersOf = ({ html }: Page): string[] => {
  const main = html.slice(html.indexOf('<main'), html.indexOf('</main>'))
  const matches = main.matchAll(
    /<(?:a|button)[^>]*class="[^"]*govuk-button[^"]*"[^>]*>([\s\S]*?)<\/(?:a|button)>/g,
  )
  return [...matches].map(([, words]) => (words as string).trim())
}

/** A browser would run this if a page did not escape it. */
export const evil = '<script>alert(1)</script>'
