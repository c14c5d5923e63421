import { nearest } from './nearest'

/** `faults` complete a sentence that begins with the file’s name. They tell no values, which may be secret. */
export type EnvFile = { values: Record<string, string>; faults: string[] }

const isUtf16 = (bytes: Uint8Array) =>
  (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff) || bytes.includes(0)

/** Reads `NAME=value` lines, also after `export`; ignores all others, but one that begins with a name of ours is a fault. */
export function parseEnvFile(bytes: Uint8Array): EnvFile {
  if (isUtf16(bytes)) return { values: {}, faults: ['is in UTF-16: save it as UTF-8'] }
  const values: Record<string, string> = {}
  const faults: string[] = []
  // The decoder leaves out a byte order mark.
  const lines = new TextDecoder().decode(bytes).split(/\r?\n/)
  for (const [i, line] of lines.map((text) => text.trim()).entries()) {
    if (line.startsWith('#')) continue
    const parts = /^(?:export\s+)?([^\s=]+)\s*=\s*(.*)$/.exec(line)
    if (parts === null && /^(export\s+)?REEVE_/.test(line)) faults.push(`has no NAME=value on line ${i + 1}`)
    if (parts !== null) values[parts[1] as string] = (parts[2] as string).replace(/^(["'])(.*)\1$/, '$2')
  }
  return { values, faults }
}

/**
 * Names beginning with REEVE_ that are no settings: of the guides’ clients, of tests, of settings that other versions have, and
 * of what Kubernetes tells about a service called `reeve`.
 */
const otherNames =
  /^REEVE_(KEY|URL|TEST_.*|ADMIN_ALLOW|METRICS_TOKEN|FILES|BACKUP_(DIR|S3|KEEP)|SERVICE_.*|PORT_\d.*)$/

/** A name that is misspelt would otherwise leave a setting at its default without a word. */
export function unknownNames(
  env: Record<string, string | undefined>,
  known: readonly string[],
  where: string,
): string[] {
  const unknown = Object.entries(env).filter(
    ([name, value]) => value && name.startsWith('REEVE_') && !known.includes(name) && !otherNames.test(name),
  )
  return unknown.map(([name]) => {
    const [meant = ''] = nearest(name, known, 1)
    return `${name}${where} is not a setting: did you mean ${meant}?`
  })
}
