import { foldedWords } from './fold'

/** Letters and digits alone: case, accents, spaces, hyphens and underscores do not count in a heading or a fixed word. */
export const plainWord = (text: string): string => foldedWords(text).join('')

/** The one of our words that somebody means: `In progress` for `in_progress`, `E-mail` for `email`. */
export function wordAmong<Word extends string>(words: readonly Word[], text: string): Word | undefined {
  const typed = plainWord(text)
  return words.find((word) => plainWord(word) === typed)
}

const answers: Record<string, boolean> = {
  ...{ true: true, yes: true, y: true, '1': true, on: true },
  ...{ false: false, no: false, n: false, '0': false, off: false },
}

/** `Yes`, `TRUE`, `1`…; undefined for what is neither yes nor no. */
export function yesOrNo(text: string): boolean | undefined {
  const typed = plainWord(text)
  return Object.hasOwn(answers, typed) ? answers[typed] : undefined
}
