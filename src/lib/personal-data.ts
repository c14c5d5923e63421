import { findPhoneNumbersInText } from 'libphonenumber-js/min'
import { holdsName } from './name-words'

const unseen = /\p{Cf}/gu

export type PersonalDataKind = 'email' | 'phone' | 'postcode' | 'name'

const bracketedAt = /\s{0,3}[([{<]\s{0,3}(?:at|@)\s{0,3}[)\]}>]\s{0,3}/gi
const bracketedDot = /\s{0,3}[([{<]\s{0,3}(?:dot|\.)\s{0,3}[)\]}>]\s{0,3}/gi
const dot = String.raw`(?:\.|\s{1,3}(?:\.|dot)\s{1,3})`
const label = String.raw`[\p{L}\p{N}-]{1,63}`
const addressWithSign = new RegExp(
  String.raw`[^\s@([{<,;:]\s{0,3}@\s{0,3}${label}(?:${dot}${label}){0,8}?${dot}\p{L}{2}`,
  'iu',
)
/** Spelled out, only text that ends like a domain counts; "look at each dot on the map" does not. */
const addressInWords = new RegExp(
  String.raw`[\p{L}\p{N}]\s{1,3}at\s{1,3}(?:${label}(?:\s{1,3}dot\s{1,3}${label}){0,4}?\s{1,3}dot\s{1,3}` +
    '(?:com|net|org|uk|co|eu|info|biz|io|me|ie|scot|wales|cymru|london)' +
    String.raw`|(?:gmail|googlemail|hotmail|outlook|yahoo|icloud|btinternet|aol)\.\p{L}{2,3})(?![\p{L}\p{N}])`,
  'iu',
)

function holdsEmail(text: string): boolean {
  const plain = text.replace(bracketedAt, '@').replace(bracketedDot, ' dot ')
  return addressWithSign.test(plain) || addressInWords.test(plain)
}

/** Digits that are not part of a telephone number: sums of money, decimals below one, dates and times. */
const otherDigits = new RegExp(
  [
    String.raw`\p{Sc}\s?\d[\d,.]*`,
    String.raw`(?<![\d.])0\.\d{2,}`,
    String.raw`(?<!\d)(?:0?[1-9]|[12]\d|3[01])([/.-])(?:0?[1-9]|1[0-2])\1(?:19|20)\d\d(?!\d)`,
    String.raw`(?<!\d|\d[/.-])(?:0?[1-9]|[12]\d|3[01])([/.-])(?:0?[1-9]|1[0-2])\2\d\d(?!\d|\2\d)`,
    String.raw`(?<!\d)(?:19|20)\d\d-(?:0[1-9]|1[0-2])-\d\d(?!\d)`,
    String.raw`(?<![\d:])(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?![\d:])`,
  ].join('|'),
  'gu',
)
const digitRun = /\d+(?:[^\p{L}\p{N}\p{Sc}]{1,4}\d+)*/gu
/** 03, 08 and 09 are numbers of organisations; so are 101, 111 and 999. */
const british = /^(?:(?:00)?440?|0)[1257]\d{9}$/
const ofOrganisation = /^\+44[389]/

/** True if groups of digits, with anything between them, make a British number of eleven digits that a person may have. */
function holdsBritishNumber(text: string): boolean {
  for (const [run] of text.replace(otherDigits, 'x').matchAll(digitRun)) {
    const groups = run.match(/\d+/g) ?? []
    for (let first = 0; first < groups.length; first++) {
      let digits = ''
      for (let next = first; next < groups.length && digits.length < 15; next++) {
        digits += groups[next]
        if (british.test(digits)) return true
      }
    }
  }
  return false
}

/** Letters that people read as digits when they are among digits. */
const withDigits = /(?<![\p{L}\p{N}])[oil]*\d[\doil]*(?![\p{L}\p{N}])/giu
const asDigits = (text: string) =>
  text.replace(withDigits, (run) => run.replace(/o/gi, '0').replace(/[il]/gi, '1'))

function holdsPhone(text: string): boolean {
  const plain = asDigits(text)
  return (
    holdsBritishNumber(plain) ||
    findPhoneNumbersInText(plain, { defaultCountry: 'GB' }).some(
      ({ number }) => !ofOrganisation.test(number.number),
    )
  )
}

/** The postcode areas (Royal Mail), by first letter. */
const areas =
  'A[BL]|B[ABDFHLNRSTX]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GMPV]|JE|K[ATWY]|L[ADELNSU]?|' +
  'M[EKL]?|N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?|T[ADFNQRSW]|UB|W[ACDFNRSV]?|YO|ZE'
/** No postcode ends in C, I, K, M, O or V, so times and most measures do not look like one. */
const postcodeForm = new RegExp(
  String.raw`(?<![\p{L}\p{N}])((?:${areas})\d[a-z\d]?)[\s\p{Pd}._]{0,3}(\d)(\s?)([abd-hjlnp-uw-z]{2})(?![\p{L}\p{N}])`,
  'giu',
)
/** Postcodes of British forces. */
const forcesForm = /(?<![\p{L}\p{N}])bfpo[\s-]{0,3}\d{1,4}(?![\p{L}\p{N}])/iu
/** In small letters after the number of a road: “the M25 4th exit”, “the B30 2ft wide”. */
const ordinal = /^(?:1st|2nd|3rd|[4-9]th)$/
const measure = /^(?:ft|yd|lb|ha|st|pt|hr)$/

function holdsPostcode(text: string): boolean {
  if (forcesForm.test(text)) return true
  return [...text.matchAll(postcodeForm)].some(([, outward = '', digit = '', space = '', letters = '']) => {
    // “The M5 9 at night” has a word there.
    if (space !== '' && letters !== letters.toUpperCase()) return false
    const isOfRoad = outward === outward.toUpperCase()
    return !(isOfRoad && (ordinal.test(digit + letters) || measure.test(letters)))
  })
}

/**
 * Looks for e-mail addresses, also spelled out, telephone numbers of people, full UK postcodes, and the resident’s name (see
 * `holdsName`). When in doubt it reports too much.
 */
export function findPersonalData(text: string, residentName: string | null): PersonalDataKind[] {
  const plain = text.replace(unseen, '').normalize('NFKC')
  const kinds: PersonalDataKind[] = []
  if (holdsEmail(plain)) kinds.push('email')
  if (holdsPhone(plain)) kinds.push('phone')
  if (holdsPostcode(plain)) kinds.push('postcode')
  if (residentName !== null && holdsName(text, residentName)) kinds.push('name')
  return kinds
}
