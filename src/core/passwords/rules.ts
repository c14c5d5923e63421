import { type Issue, invalid } from '../../lib/errors'
import { normalizePassword } from '../../lib/password-hash'
import { readTypedCode } from '../../lib/typed-code'

/** In characters. The National Cyber Security Centre recommends length, and advises against required mixtures of characters. */
const minLength = 12
const maxLength = 200

const common: { passwords?: Promise<ReadonlySet<string>> } = {}

/** Common passwords in lower case; loaded when somebody first chooses one. */
function commonPasswords(): Promise<ReadonlySet<string>> {
  common.passwords ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set(dictionary['passwords-common'].map((word) => word.toLowerCase())),
  )
  return common.passwords
}

/** Publicly known details of the user, which must not serve as their password. */
export type PasswordOwner = { email: string; name: string; council: string }

/** Punctuation between letters adds little: people guess it. */
const lettersAndDigits = (text: string) => text.replace(/[^\p{L}\p{N}]/gu, '')

/** Digits around a known word add little too. */
const withoutOuterDigits = (text: string) => lettersAndDigits(text).replace(/^\p{N}+|\p{N}+$/gu, '')

/** One short text repeated, such as `abcabcabcabc`, or very few different characters. */
const isRepetition = (text: string) =>
  [text, lettersAndDigits(text)].some((one) => /^(.{1,20}?)\1+.{0,5}$/su.test(one)) || new Set(text).size < 5

const rows = ['1234567890', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiopasdfghjklzxcvbnm']
const runs = rows.flatMap((row) => [row + row, [...row, ...row].reverse().join('')])

const isRun = (text: string) =>
  lettersAndDigits(text).length > 7 && runs.some((run) => run.includes(lettersAndDigits(text)))

/** Why somebody may not choose this password; null if they may. */
export async function passwordFault(
  password: string,
  { email, name, council }: PasswordOwner,
): Promise<string | null> {
  const characters = [...password].length
  if (characters < minLength || characters > maxLength) {
    return `Must have ${minLength} to ${maxLength} characters, such as three random words`
  }
  const text = normalizePassword(password).toLowerCase()
  if (isRepetition(text) || isRun(text)) {
    return 'Must not repeat itself, or follow the alphabet or the keyboard'
  }
  const known = [email, email.split('@')[0] ?? '', name, council].map((word) =>
    lettersAndDigits(word.toLowerCase()),
  )
  const [plain, kernel] = [lettersAndDigits(text), withoutOuterDigits(text)]
  if (known.some((word) => word !== '' && (word === plain || word === kernel))) {
    return 'Must not be your name, your e-mail address or your council’s name'
  }
  const passwords = await commonPasswords()
  if ([text, plain, kernel].some((word) => passwords.has(word))) {
    return 'Must not be a common password, with or without digits around it'
  }
  return null
}

/** Adds a fault of the chosen password to `issues`; a password that is missing or not text has been reported before. */
export async function checkPassword(
  { email = '', name = '', password }: Partial<Record<'email' | 'name' | 'password', string>>,
  council: string,
  issues: Issue[],
): Promise<void> {
  const fault = password === undefined ? null : await passwordFault(password, { email, name, council })
  if (fault !== null) issues.push({ in: 'body', path: 'password', code: 'format', message: fault })
}

/** Throws if the user may not choose this password. */
export async function assertPassword(
  { email, name }: { email: string; name: string },
  tenant: { name: string },
  password: string,
): Promise<void> {
  const issues: Issue[] = []
  await checkPassword({ email, name, password }, tenant.name, issues)
  if (issues.length > 0) throw invalid(issues)
}

/** The password in the form that was hashed: people copy one-time passwords by hand, and write them differently. */
export const typedPassword = (text: string, user: { mustChangePassword: boolean } | undefined): string =>
  user?.mustChangePassword ? readTypedCode(text) : text
