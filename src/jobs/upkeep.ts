import type { Deps } from '../core/ctx'
import { keepUp } from '../core/due-work.service'
import { caseUpkeep } from '../resources/cases/due.service'
import { newsUpkeep } from '../resources/news/service'

const everyMs = 15_000

/** All that happens by itself. */
export const upkeep = [...caseUpkeep, ...newsUpkeep]

/** Does what happens by itself when its moment comes, such as telling of missed targets and publishing news. */
export function startUpkeep(deps: Deps): { stop(): Promise<void> } {
  let running: Promise<void> | undefined
  let isLeading = false
  const keepUpWhereLeading = async () => {
    const wasLeading = isLeading
    isLeading = await leads(deps)
    if (isLeading !== wasLeading) deps.log.info(isLeading ? 'leads the jobs' : 'leads the jobs no more')
    if (isLeading) await keepUpOnce(deps)
  }
  const round = () => {
    running ??= keepUpWhereLeading().finally(() => {
      running = undefined
    })
  }
  const timer = setInterval(round, everyMs)
  round()
  return {
    stop: async () => {
      clearInterval(timer)
      await running
    },
  }
}

async function leads({ store, log }: Deps): Promise<boolean> {
  try {
    return await store.leads()
  } catch (error) {
    log.warn('it cannot be told who leads the jobs', { error })
    return false
  }
}

async function keepUpOnce(deps: Deps): Promise<void> {
  try {
    const dealt = await keepUp(deps, upkeep)
    if (dealt > 0) deps.log.info('kept up', { dealt })
  } catch (error) {
    deps.log.warn('keeping up failed', { error })
  }
}
