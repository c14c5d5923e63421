import { keptMinutes } from '../../core/sessions/kept-forms.service'
import type { Entry } from '../../http/pages'
import { ownPath } from '../page'

/** Where somebody goes once they are signed in; every step passes it on in its address. */
export const nextOf = ({ query }: Pick<Entry, 'query'>): string => ownPath(query.get('next'), '/admin')

/** A sentence about the form that was sent after the session had ended; null if none was sent. */
export function endedWords({ query }: Entry): string | null {
  const ended = query.get('ended')
  if (ended === 'kept')
    return `You were signed out. Sign in to go on: what you typed is kept for ${keptMinutes} minutes.`
  return ended === 'lost' ? 'You were signed out before this was done. Sign in, then do it again.' : null
}
