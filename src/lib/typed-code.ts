import { foldedWords } from './fold'
import { type RandomBytes, randomString } from './random'

/** No letters and digits that sound or look alike: people read these codes out and copy them by hand. */
const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789'
const form = new RegExp(`^[${alphabet}]{20}$`)

/** In groups that are easy to copy. */
export const grouped = (code: string, size: number): string =>
  code.match(new RegExp(`.{1,${size}}`, 'g'))?.join('-') ?? ''

/** A code for one person, to be typed: four groups of five characters, 100 bits. */
export const newTypedCode = (random: RandomBytes): string => grouped(randomString(random, 20, alphabet), 5)

/** The letters and digits of what somebody typed, in lower case; what stands between them says nothing. */
export const bareCode = (text: string): string => foldedWords(text).join('')

/** What somebody typed as `newTypedCode` wrote it; as it is if it cannot be such a code. */
export function readTypedCode(text: string): string {
  const bare = bareCode(text)
  return form.test(bare) ? grouped(bare, 5) : text
}
