import { afterEach } from 'bun:test'
import { loadConfig } from '../../../src/config'
import { createStore, openStore } from '../../../src/db/open'
import type { Store, StorePlace } from '../../../src/db/store'
import { testClock } from '../../support/clock'
import { freshDatabase } from '../../support/databases'

export const clock = testClock()

export const placeOf = (url: string): StorePlace =>
  loadConfig({ DATABASE_URL: url, REEVE_DATABASE_POOL: '3', REEVE_DATA: '/nowhere' })

/** Makes databases and opens stores, all of which go after each test. */
export function temporaryStores() {
  const ends: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })
  const database = async (): Promise<StorePlace> => {
    const { url, drop } = await freshDatabase()
    ends.push(drop)
    return placeOf(url)
  }
  const open = async (place: StorePlace): Promise<Store> => {
    const store = await openStore(place, clock)
    ends.push(() => store.close())
    return store
  }
  const migrated = async (): Promise<StorePlace> => {
    const place = await database()
    await createStore(place, clock)
    return place
  }
  return { database, migrated, open }
}

export const changed = (place: StorePlace, parts: Partial<URL>): StorePlace => {
  const url = new URL(place.databaseUrl as string)
  return placeOf(Object.assign(url, parts).href)
}
