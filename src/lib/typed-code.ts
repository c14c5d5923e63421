import { foldedWords } from './fold'
import { type RandomBytes, randomString } from './random'

/** Without letters and digits that look or sound alike, because people read codes out and copy them by hand. */
const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789'
const form = new RegExp(`^[${alphabet}]{20}$`)

/** Groups are easier to copy. */
export const grouped = (code: string, size: number): string =>
  code.match(new RegExp(`.{1,${size}}`, 'g'))?.join('-') ?? ''

/** A new code for somebody to type: four groups of five characters, 100 bits. */
export const newTypedCode = (random: RandomBytes): string => grouped(randomString(random, 20, alphabet), 5)

/** The letters and digits of a typed code, in lower case; anything between them is ignored. */
export const bareCode = (text: string): string => foldedWords(text).join('')

/** A typed code in the form that `newTypedCode` gives it; unchanged if it cannot be one. */
export function readTypedCode(text: string): string {
  const bare = bareCode(text)
  return form.test(bare) ? grouped(bare, 5) : text
}
