import { expect } from 'bun:test'
import { startOfLocalDate } from '../../../src/lib/time'
import {
  type Answer,
  type Council,
  createCouncil,
  createTestApp,
  createTestUser,
  type TestApp,
} from '../../support/app'
import { createTestCategories, createTestWards } from '../../support/casework'
import { amount } from '../../support/drill'
import { onPostgres } from '../../support/engine'
import { unlimited } from '../../support/http'
import { insertRandomCases, type Places } from './random-cases'
import { Recount } from './recount'

/** Fewer where each is sent to a server: the questions are the same. */
export const caseCount = onPostgres ? amount(10_000, 4_000) : amount(50_000, 10_000)

/** When a local date begins. */
export const start = (date: string) => startOfLocalDate(date, 'Europe/London') as Date
export const period = { from: '2025-09-01', to: '2026-02-01' }
export const [from, to] = [start(period.from), start(period.to)]

export type Many = {
  app: TestApp
  council: Council
  recount: Recount
  places: Places
  /** A report of the period. */
  report: (name: string, query?: string) => Promise<Answer['body']>
  csv: (name: string, query?: string) => Promise<string>
}

/** A council with many cases of random lives. */
export async function createMany(): Promise<Many> {
  const app = await createTestApp(unlimited)
  const council = await createCouncil(app, 'many')
  const wards = await createTestWards(app, council, ['North', 'South', 'East', 'West', 'Harbour'])
  const categories = await createTestCategories(app, council, ['Roads', 'Bins', 'Trees', 'Housing'])
  const people: string[] = []
  for (let i = 0; i < 6; i++) people.push((await createTestUser(council, { role: 'caseworker' })).id)
  const places = { wards, categories, people }
  await insertRandomCases(app, council, places, caseCount)
  const ask = async (name: string, query: string) => {
    const path = `/api/reports/${name}?from=${period.from}&to=${period.to}&${query}`
    const { status, body, text } = await app.send('GET', path, { key: council.key })
    expect([path, status, status === 200 ? '' : text]).toEqual([path, 200, ''])
    return { body, text }
  }
  return {
    app,
    council,
    recount: new Recount(app, council),
    places,
    report: async (name, query = '') => (await ask(name, query)).body,
    csv: async (name, query = '') => (await ask(name, `${query}&format=csv`)).text,
  }
}

/** A share as reports give it. */
export const share = (numerator: number, denominator: number) => ({
  numerator,
  denominator,
  value: denominator === 0 ? null : Math.round((numerator / denominator) * 10_000) / 10_000,
})
