import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** `lib/fold.ts` for browsers: a macro, so that lists in the browser fold as the server does. */
export function embedFold(): string {
  const source = readFileSync(join(import.meta.dir, '..', '..', 'lib', 'fold.ts'), 'utf8')
  return new Bun.Transpiler({ loader: 'ts', target: 'browser' }).transformSync(source)
}
