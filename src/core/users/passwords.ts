import { normalizePassword } from '../../lib/password-hash'

/** Lengths in characters. The National Cyber Security Centre asks for length, and for no mixture of characters. */
const minLength = 12
const maxLength = 200

const common: { words?: Promise<ReadonlySet<string>> } = {}

/** Passwords that many people have, in lower case; read when the first one is chosen. */
function commonPasswords(): Promise<ReadonlySet<string>> {
  common.words ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set(dictionary['passwords-common'].map((word) => word.toLowerCase())),
  )
  return common.words
}

/** Whose password it is to be: what everybody knows of them is no password. */
export type PasswordOwner = { email: string; name: string; council: string }

/** Only letters and digits: what stands between them makes no password. */
const bare = (text: string) => text.replace(/[^\p{L}\p{N}]/gu, '')

/** Without the digits before and after: what is put around a known word makes none either. */
const kernel = (text: string) => bare(text).replace(/^\p{N}+|\p{N}+$/gu, '')

/** Whether it is one short text over and over, such as `abcabcabcabc`, or made of very few characters. */
const isRepetition = (text: string) =>
  [text, bare(text)].some((one) => /^(.{1,20}?)\1+.{0,5}$/su.test(one)) || new Set(text).size < 5

const rows = ['1234567890', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiopasdfghjklzxcvbnm']
const runs = rows.flatMap((row) => [row + row, [...row, ...row].reverse().join('')])

const isRun = (text: string) => bare(text).length > 7 && runs.some((run) => run.includes(bare(text)))

/** What is wrong with a password that somebody chooses; null where nothing is. */
export async function passwordFault(
  password: string,
  { email, name, council }: PasswordOwner,
): Promise<string | null> {
  const characters = [...password].length
  if (characters < minLength || characters > maxLength) {
    return `Must have ${minLength} to ${maxLength} characters, such as three words that you choose at random`
  }
  const text = normalizePassword(password).toLowerCase()
  if (isRepetition(text) || isRun(text)) {
    return 'Must not repeat itself, or follow the alphabet or the keyboard'
  }
  const known = [email, email.split('@')[0] ?? '', name, council].map((word) => bare(word.toLowerCase()))
  if (known.some((word) => word !== '' && (word === bare(text) || word === kernel(text)))) {
    return 'Must not be your name, your address or your council’s name'
  }
  const words = await commonPasswords()
  if ([text, bare(text), kernel(text)].some((word) => words.has(word))) {
    return 'Must not be a password that many people use, with or without digits around it'
  }
  return null
}
