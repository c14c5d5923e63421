import type { Actor } from '../../core/ctx'
import { wordsOf } from '../words'

export const actorLabels: Record<Actor['type'], string> = {
  key: 'API key',
  user: 'Dashboard',
  cli: 'Command line',
  system: 'Reeve itself',
  public: 'Somebody without a key',
}

/** Old entries may hold a code that has no label any more; it is shown as it is. */
export const labelOf = (labels: Record<string, string>, code: string): string =>
  Object.hasOwn(labels, code) ? (labels[code] as string) : wordsOf(code.replaceAll('.', ' '))

/** `requireSecondFactor` as people read it: `Require second factor`. */
export const fieldLabel = (name: string): string =>
  wordsOf(name.replaceAll(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
