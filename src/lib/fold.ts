/** Letters that Unicode does not split into a letter and an accent, as people without them on their keyboard write them. */
const plainLetters: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ς: 'σ',
}

export const apostrophes = "'’‘‛ʼʻ`´′＇"
const apostrophe = new RegExp(`[${apostrophes}]`, 'g')
/** A second s says nothing: people write St James’s Park and St James’ Park, and look for either by `James`. */
const secondS = new RegExp(`(?<=s)[${apostrophes}]s(?![\\p{L}\\p{N}])`, 'giu')
const isPlain = (text: string) => /^[\x20-\x7e\s]*$/.test(text)

/** Text as Reeve compares it: lower case, without accents, apostrophes and invisible marks. */
export function fold(text: string): string {
  if (isPlain(text)) return text.toLowerCase().replace(secondS, '').replace(/['`]/g, '')
  return text
    .replace(secondS, '')
    .replace(apostrophe, '')
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .replace(/[ßæœøłđðþıς]/g, (letter) => plainLetters[letter] as string)
}

/** The words of the folded text, in order: runs of letters and digits. */
export const foldedWords = (text: string): string[] => fold(text).match(/[\p{L}\p{N}]+/gu) ?? []
