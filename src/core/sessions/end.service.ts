import type { Ctx } from '../ctx'
import { appendOccurrences, write } from '../write'
import { deleteSessionsOf } from './end.store'

/** Signs a user of the council out wherever they are signed in; how many sessions ended. */
export const endSessionsOf = (ctx: Ctx, userId: string): Promise<number> =>
  write(ctx, 'session.end', async (w) => {
    const ended = await deleteSessionsOf(w, userId)
    const note = { where: 'everywhere', ended }
    await appendOccurrences(w, 'session.end', [{ entity: 'user', id: userId, note }])
    return { changes: [], result: ended }
  })
