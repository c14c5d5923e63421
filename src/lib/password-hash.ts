/** Argon2id parameters: memory in KiB, and passes over it. */
export type HashCost = { memoryCost: number; timeCost: number }

export type PasswordHasher = {
  /** Argon2id in PHC format. It takes tenths of a second, so never await it inside a transaction. */
  hash(password: string): Promise<string>
  /**
   * Takes as long without a user, or for a user without a password (`null` or `''`), so that the time does not show who has
   * an account. Parameters come from the stored hash, so hashes made at another cost still work.
   */
  verify(password: string, hash: string | null): Promise<boolean>
}

/** More than twice the 19 MiB that OWASP asks for at two passes. */
const productionCost: HashCost = { memoryCost: 65_536, timeCost: 2 }

/** Twice the length that people may choose, as normalising can shorten a text. */
const longestInput = 400

/** The same text can be encoded in several ways, and keyboards differ in which one they send. */
export const normalizePassword = (password: string) => password.normalize('NFKC')

export function createPasswordHasher(cost: HashCost = productionCost): PasswordHasher {
  let placeholder: Promise<string> | undefined
  const hash = (password: string) =>
    Bun.password.hash(normalizePassword(password), { algorithm: 'argon2id', ...cost })
  return {
    hash,
    async verify(password, stored) {
      placeholder ??= hash('the password of nobody')
      const isPlausible = password !== '' && password.length <= longestInput
      const candidate = isPlausible ? normalizePassword(password) : '-'
      const isMatch = await Bun.password.verify(candidate, stored || (await placeholder))
      return isMatch && isPlausible && stored !== null && stored !== ''
    },
  }
}
