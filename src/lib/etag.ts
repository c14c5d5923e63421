/** A strong tag must differ between the plain and the compressed representation. */
const compressedMark = '-gz"'

/** Without hyphens, with which the marks below begin. */
const digest = (text: string) => new Bun.CryptoHasher('sha256').update(text).digest('hex').slice(0, 32)

export const strongTag = (json: string) => `"${digest(json)}"`

/** For an answer that changes only with the revision and `dependsOn`. */
export const weakTag = (revision: number, ...dependsOn: readonly unknown[]) =>
  `W/"${revision.toString(36)}.${digest(JSON.stringify(dependsOn))}"`

export const compressedTag = (tag: string) => (tag.startsWith('W/') ? tag : tag.replace(/"$/, compressedMark))

const form = String.raw`(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"`
const strictList = new RegExp(`^\\s*(?:\\*|${form}(?:\\s*,\\s*${form})*)\\s*$`)
/** Recipients ignore empty elements of a list (RFC 9110, 5.6.1.2). */
const list = new RegExp(`^[\\s,]*${form}(?:\\s*,[\\s,]*${form})*[\\s,]*$`)

/** True for `*` and for a list of tags without empty elements. */
export const isTagList = (header: string) => strictList.test(header)

/**
 * What compression adds: ours, and that of proxies (`-gzip` and `-br` of Apache, also `-zstd` of Caddy, `--gzip` of Jetty,
 * `;gzip` of older ones).
 */
const marks = /(?:(?:--?|;)(?:gz|gzip|br|zstd|deflate))+"$/

/** Longer ones are not ours, whatever was added to them. */
const longestTag = 120

/** A tag of ours as we first gave it; nginx and Varnish make it weak where they compress. */
const original = (tag: string) =>
  tag.length > longestTag ? tag : tag.replace(/^W\//, '').replace(marks, '"')

/**
 * Whether `If-Match` or `If-None-Match` names this tag, in the forms that proxies give to ours as well. Weak tags match too,
 * even where RFC 9110 (13.1.1) compares strongly: ours are digests of what they stand for, so one that matches is no older.
 * A malformed header names nothing.
 */
export const namesTag = (header: string, tag: string) =>
  header.trim() === '*' ||
  (list.test(header) &&
    (header.match(new RegExp(form, 'g')) ?? []).some((given) => original(given) === original(tag)))
