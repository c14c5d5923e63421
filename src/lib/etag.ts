/** A strong tag must differ between the plain and the compressed representation. */
const compressedMark = '-gz"'

const digest = (text: string) => new Bun.CryptoHasher('sha256').update(text).digest('base64url').slice(0, 22)

export const strongTag = (json: string) => `"${digest(json)}"`

/** For an answer that changes only with the revision and `dependsOn`. */
export const weakTag = (revision: number, ...dependsOn: readonly unknown[]) =>
  `W/"${revision.toString(36)}.${digest(JSON.stringify(dependsOn))}"`

export const compressedTag = (tag: string) => (tag.startsWith('W/') ? tag : tag.replace(/"$/, compressedMark))

const plain = (tag: string) => tag.replace(/-gz"$/, '"')
const weaken = (tag: string) => plain(tag).replace(/^W\//, '')

const listForm = /^\s*(W\/)?"[\x21\x23-\x7e\x80-\xff]*"\s*(,\s*(W\/)?"[\x21\x23-\x7e\x80-\xff]*"\s*)*$/

export const isTagList = (header: string) => header.trim() === '*' || listForm.test(header)

const tagsOf = (header: string) => header.match(/(W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g) ?? []

/** `If-None-Match`: weak comparison (RFC 9110, 13.1.2). */
export const matchesWeakly = (header: string, tag: string) =>
  header.trim() === '*' || tagsOf(header).some((given) => weaken(given) === weaken(tag))

/** `If-Match`: strong comparison, in which a weak tag never matches (RFC 9110, 13.1.1). */
export const matchesStrongly = (header: string, tag: string) =>
  header.trim() === '*' ||
  tagsOf(header).some((given) => !given.startsWith('W/') && plain(given) === plain(tag))
