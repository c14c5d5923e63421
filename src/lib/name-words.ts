import { isCommonWord } from './common-words'
import { apostrophes, fold } from './fold'

const honorifics = new Set(
  'mr mister messrs mrs ms miss mx dr doctor prof professor rev reverend cllr councillor sir dame lady lord'.split(
    ' ',
  ),
)
/** Honorifics that are also surnames: kept at the end of a name. */
const surnames = new Set(['miss', 'sir', 'dame', 'lady', 'lord'])
/** Words such as those of “The Occupier” and “Mr and Mrs”, which name nobody. */
const nobody = new Set(
  'a an and anon anonymous householder landlord manager neighbour occupant occupier or owner resident tenant the unknown'.split(
    ' ',
  ),
)

const word = new RegExp(String.raw`[\p{L}\p{M}\p{N}]+(?:[${apostrophes}\p{Pd}][\p{L}\p{M}\p{N}]+)*`, 'gu')
const possessive = new RegExp(`[${apostrophes}]s$`, 'i')

/** Folded and without hyphens. */
const joined = (text: string) => fold(text).replace(/\p{Pd}/gu, '')

/** Words of a text, each split at its hyphens. */
const wordsOf = (text: string) =>
  (text.replace(/\p{Cf}/gu, '').match(word) ?? []).map((found) => found.split(/\p{Pd}/u))

/** As written, without a possessive ’s, and as one of several: the Smiths, the Joneses. */
function formsOf(piece: string): string[] {
  const whole = joined(piece)
  return [whole, joined(piece.replace(possessive, '')), whole.replace(/s$/, ''), whole.replace(/es$/, '')]
}

function nameWords(name: string): string[][] {
  const words = wordsOf(name)
  return words.filter((pieces, i) => {
    const folded = joined(pieces.join(''))
    if (nobody.has(folded)) return false
    return !honorifics.has(folded) || (surnames.has(folded) && i === words.length - 1)
  })
}

/** True if the pieces occur in the forms, one directly after another. */
const holdsSequence = (forms: string[][], sequence: string[]) =>
  sequence.length > 0 &&
  forms.some((_, start) => sequence.every((piece, i) => forms[start + i]?.includes(piece)))

const isCapital = (piece: string) => /^\p{Lu}/u.test(piece)

/**
 * True if two parts of the name are side by side, both with a capital letter (“the park will close” is not about Will Park), or
 * a part after an honorific.
 */
function holdsPair(words: string[][], isPart: (forms: string[]) => boolean): boolean {
  const pieces = words.flat()
  return pieces.some((piece, i) => {
    const before = pieces[i - 1]
    if (before === undefined || !isPart(formsOf(piece))) return false
    if (honorifics.has(joined(before))) return true
    return isPart(formsOf(before)) && isCapital(before) && isCapital(piece)
  })
}

/** True if two words with capital letters are a part of the name that was split: Mc Donald, O Neill. */
function holdsSplit(words: string[][], isPart: (forms: string[]) => boolean): boolean {
  const pieces = words.flat()
  return pieces.some((piece, i) => {
    const before = pieces[i - 1]
    return before !== undefined && isCapital(before) && isCapital(piece) && isPart(formsOf(before + piece))
  })
}

/**
 * Looks for the whole name, or any part of it of three or more letters, as whole words; ignores accents, case, hyphens,
 * honorifics, plurals and kinds of apostrophe. A part that is a common English word counts only beside another part or an
 * honorific, as in “Mrs May”, and so does one of two letters, as in “Mr Ng”.
 */
export function holdsName(text: string, name: string): boolean {
  const wanted = nameWords(name)
  const parts = wanted
    .flatMap((pieces) => [pieces.join(''), ...pieces])
    .map(joined)
    .filter((part) => [...part].length >= 2)
  const among = (some: readonly string[]) => {
    const set = new Set(some)
    return (forms: string[]) => forms.some((form) => set.has(form))
  }
  const isRare = among(parts.filter((part) => [...part].length >= 3 && !isCommonWord(part)))
  const words = wordsOf(text)
  const isNaming = (piece: string) => isRare(formsOf(piece))
  if (words.some((pieces) => isNaming(pieces.join('')) || pieces.some(isNaming))) return true
  if (holdsPair(words, among(parts)) || holdsSplit(words, isRare)) return true
  const sequence = wanted.flat().map(joined)
  return !sequence.every(isCommonWord) && holdsSequence(words.flat().map(formsOf), sequence)
}
