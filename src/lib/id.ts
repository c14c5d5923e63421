import { createId } from '@paralleldrive/cuid2'
import { hashOfTexts } from './hash'
import { type RandomBytes, randomString } from './random'

export type NewId = () => string

/** Collision-resistant id of 24 lower-case characters, the first a letter. */
export const newId: NewId = createId

const letters = 'abcdefghijklmnopqrstuvwxyz'

/** Cheaper than `newId`, and ordered by time. */
export const newRequestId = () => Bun.randomUUIDv7()

/** Ids of the same form that can be reproduced from where the random bytes come from. */
export function seededIds(random: RandomBytes): NewId {
  return () => randomString(random, 1, letters) + randomString(random, 23, `${letters}0123456789`)
}

/** The same id for the same texts, so that something from elsewhere is found again by its name there. */
export function derivedId(...texts: string[]): string {
  const number = BigInt(`0x${hashOfTexts(texts)}`)
  const letter = letters[Number(number % BigInt(letters.length))] as string
  return letter + number.toString(36).padStart(idLength, '0').slice(1, idLength)
}

const idLength = 24
