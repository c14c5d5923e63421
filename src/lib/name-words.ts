import { apostrophes, fold } from './fold'

const honorifics = new Set(
  'mr mrs ms miss mx dr doctor prof professor rev reverend cllr councillor sir dame lady lord'.split(' '),
)
/** Honorifics that are also surnames: kept at the end of a name. */
const surnames = new Set(['miss', 'sir', 'dame', 'lady', 'lord'])

const word = new RegExp(String.raw`[\p{L}\p{M}\p{N}]+(?:[${apostrophes}\p{Pd}][\p{L}\p{M}\p{N}]+)*`, 'gu')
const possessive = new RegExp(`[${apostrophes}]s$`, 'i')

/** Folded and without hyphens. */
const joined = (text: string) => fold(text).replace(/\p{Pd}/gu, '')

/** Words of a text, each split at its hyphens. */
const wordsOf = (text: string) =>
  (text.replace(/\p{Cf}/gu, '').match(word) ?? []).map((found) => found.split(/\p{Pd}/u))

/** As written, and without a possessive ’s. */
const formsOf = (piece: string) => [joined(piece), joined(piece.replace(possessive, ''))]

function nameWords(name: string): string[][] {
  const words = wordsOf(name)
  return words.filter((pieces, i) => {
    const folded = joined(pieces.join(''))
    return !honorifics.has(folded) || (surnames.has(folded) && i === words.length - 1)
  })
}

/** True if the pieces occur in the forms, one directly after another. */
const holdsSequence = (forms: string[][], sequence: string[]) =>
  sequence.length > 0 &&
  forms.some((_, start) => sequence.every((piece, i) => forms[start + i]?.includes(piece)))

/**
 * Looks for the whole name, or any part of it of three or more letters, as whole words; ignores accents, case, hyphens,
 * honorifics and kinds of apostrophe.
 */
export function holdsName(text: string, name: string): boolean {
  const wanted = nameWords(name)
  const parts = new Set(
    wanted
      .flatMap((pieces) => [pieces.join(''), ...pieces])
      .map(joined)
      .filter((part) => [...part].length >= 3),
  )
  const words = wordsOf(text)
  const isPart = (piece: string) => formsOf(piece).some((form) => parts.has(form))
  if (words.some((pieces) => isPart(pieces.join('')) || pieces.some(isPart))) return true
  return holdsSequence(words.flat().map(formsOf), wanted.flat().map(joined))
}
