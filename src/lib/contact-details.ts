import { fix, toNormalised } from 'postcode'

const maxEmailLength = 254
/** Longer than any e-mail address or postcode with its surroundings. */
const maxTextLength = 1_000

const localPart = /^(?!\.)(?!.*\.\.)[\p{L}\p{M}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}(?<!\.)$/u
const domainLabel = /^(?!-)[\p{L}\p{M}\p{N}-]{1,63}(?<!-)$/u
const topLabel = /^\p{L}[\p{L}\p{M}\p{N}-]+$/u

const unseen = /\p{Cf}/gu

/** The address alone, as written but for the apostrophes of word processors, of `Siân Evans <sian@example.org>` or `mailto:sian@example.org?subject=Bins`. */
export function addressIn(text: string): string {
  const plain = text.replace(unseen, '').replace(/[’‘]/g, "'").trim()
  const bracketed = /^[^<>@]*<([^<>]+)>$/.exec(plain)?.[1]?.trim() ?? plain
  return /^mailto:([^?]*)/i.exec(bracketed)?.[1] ?? bracketed
}

/** The address alone, in NFKC and lower case; undefined if it is not plausible. */
export function normalizeEmail(text: string): string | undefined {
  if (text.length > maxTextLength) return undefined
  const email = addressIn(text).normalize('NFKC').toLowerCase().normalize('NFKC')
  const [local = '', domain = '', ...rest] = email.split('@')
  const labels = domain.split('.')
  const isPlausible =
    rest.length === 0 &&
    email.length <= maxEmailLength &&
    localPart.test(local) &&
    labels.length > 1 &&
    labels.every((label) => domainLabel.test(label)) &&
    topLabel.test(labels.at(-1) as string)
  return isPlausible ? email : undefined
}

/** What people put around and between the parts of a postcode (GOV.UK Design System, “Addresses”). */
const postcodeMarks = /[\s\p{Pd}()[\].]+/gu

/**
 * A UK postcode as `BS2 9YT`, or of British forces as `BFPO 61`; undefined if it does not have that form. Spaces, hyphens, brackets
 * and full stops say nothing, and O and I are read as digits where only a digit can stand.
 */
export function normalizePostcode(text: string): string | undefined {
  if (text.length > maxTextLength) return undefined
  const plain = text.normalize('NFKC').replace(unseen, '').trim()
  const forces = /^bfpo\s*(\d{1,4})$/i.exec(plain)?.[1]
  return forces === undefined
    ? (toNormalised(fix(plain.replace(postcodeMarks, ''))) ?? undefined)
    : `BFPO ${forces}`
}
