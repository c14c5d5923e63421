/** Lengths in characters. The National Cyber Security Centre asks for length, and for no mixture of characters. */
const minLength = 12
export const maxLength = 200

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

/** Whether it is one short text over and over, such as `abcabcabcabc`. */
const isRepetition = (text: string) => /^(.{1,20}?)\1+.{0,5}$/su.test(text)

/** What is wrong with a password that somebody chooses; null where nothing is. */
export async function passwordFault(
  password: string,
  { email, name, council }: PasswordOwner,
): Promise<string | null> {
  const characters = [...password].length
  if (characters < minLength || characters > maxLength) {
    return `Must have ${minLength} to ${maxLength} characters, such as three words that you choose at random`
  }
  const text = password.normalize('NFKC').toLowerCase()
  const bare = text.replace(/[\s\d!?.,_-]+$/u, '')
  const known = [email, email.split('@')[0] ?? '', name, council].map((word) => word.toLowerCase())
  if (known.some((word) => word !== '' && (word === text || word === bare))) {
    return 'Must not be your name, your address or your council’s name'
  }
  const words = await commonPasswords()
  if (isRepetition(text) || words.has(text) || words.has(bare)) {
    return 'Must not be one that is easy to guess: many people have it, or it repeats itself'
  }
  return null
}

/** Unicode has several spellings of one text; keyboards differ in which they give. */
const spelled = (password: string) => password.normalize('NFKC')

/** Argon2id in its PHC form; some tenths of a second, so never within a transaction. */
export const hashPassword = (password: string): Promise<string> =>
  Bun.password.hash(spelled(password), { algorithm: 'argon2id' })

const nobody: { hash?: Promise<string> } = {}

/** Whether this is the user's password. It takes as long where there is no user, or none with a password. */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  nobody.hash ??= hashPassword('the password of nobody')
  const isSane = password !== '' && password.length <= 2 * maxLength
  const isRight = await Bun.password.verify(isSane ? spelled(password) : '-', hash || (await nobody.hash))
  return isRight && isSane && hash !== null && hash !== ''
}
