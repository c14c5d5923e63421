import { eq } from 'drizzle-orm'
import { users } from '../../src/core/users/table'
import type { CaseStatus } from '../../src/resources/cases/table'
import { parseCategories } from '../../src/resources/categories/import'
import { importCategories } from '../../src/resources/categories/service'
import { parseWards } from '../../src/resources/wards/import'
import { importWards } from '../../src/resources/wards/import.service'
import type { Answer, Council, TestApp } from './app'

export const bytes = (text: string) => new TextEncoder().encode(text)

/** Makes a case over the API as the council's own key, or another. */
export async function createTestCase(
  app: TestApp,
  { key }: { key: string },
  input: Record<string, unknown> = {},
): Promise<Answer['body']> {
  const { status, body, text } = await app.send('POST', '/api/cases', {
    key,
    body: { summary: 'Pothole', ...input },
  })
  if (status !== 201) throw new Error(`The case was not made: ${status} ${text}`)
  return body
}

/** The change that moves a case from one status to another, with what the move needs. */
export function moveOf(from: CaseStatus, to: CaseStatus): Record<string, unknown> {
  const isEnd = to === 'resolved' || to === 'closed'
  if (isEnd && (from === 'open' || from === 'in_progress')) return { status: to, resolution: 'answered' }
  return isEnd || from === 'open' || from === to ? { status: to } : { status: to, reason: 'Taken up again' }
}

/** Makes wards of these names and returns their ids in that order. */
export async function createTestWards(app: TestApp, council: Council, names: string[]): Promise<string[]> {
  await importWards(council.ctx, parseWards(bytes(['name', ...names].join('\n'))))
  return idsByName(app, council, 'wards', names)
}

/** Makes categories of these names and returns their ids in that order. */
export async function createTestCategories(
  app: TestApp,
  council: Council,
  names: string[],
): Promise<string[]> {
  await importCategories(council.ctx, parseCategories(bytes(['name', ...names].join('\n'))))
  return idsByName(app, council, 'categories', names)
}

async function idsByName(app: TestApp, { key }: Council, list: string, names: string[]): Promise<string[]> {
  const { body } = await app.send('GET', `/api/${list}?pageSize=100`, { key })
  const rows = body[list] as { id: string; name: string }[]
  return names.map((name) => rows.find((row) => row.name === name)?.id ?? `no ${name}`)
}

export const deactivateUser = ({ deps }: TestApp, id: string): Promise<void> =>
  deps.store.write(async (tx) => {
    await tx.update(users).set({ active: false }).where(eq(users.id, id))
  })

/** The ids in a list's answer. */
export const idsOf = (rows: { id: string }[]): string[] => rows.map(({ id }) => id)
