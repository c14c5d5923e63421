import type { Deps } from '../core/ctx'
import { runDueWork } from '../core/due-work.service'
import { caseDueWork } from '../resources/cases/due.service'
import { newsDueWork } from '../resources/news/service'

const everyMs = 15_000

export const dueWork = [...caseDueWork, ...newsDueWork]

/** Does what becomes due with time, such as reporting missed targets and publishing news, on the copy that leads. */
export function startDueWork(deps: Deps): { stop(): Promise<void> } {
  let running: Promise<void> | undefined
  let isLeading = false
  const runIfLeading = async () => {
    const wasLeading = isLeading
    isLeading = await isLeader(deps)
    if (isLeading !== wasLeading) tellOfLead(deps, isLeading)
    if (isLeading) await runOnce(deps)
  }
  const round = () => {
    running ??= runIfLeading().finally(() => {
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

/** An embedded database has one server, which always leads. */
function tellOfLead({ log, config }: Deps, isLeading: boolean): void {
  const level = config.databaseUrl === null ? 'debug' : 'info'
  log[level](isLeading ? 'now job leader' : 'no longer job leader')
}

async function isLeader({ store, log }: Deps): Promise<boolean> {
  try {
    return await store.leads()
  } catch (error) {
    log.warn('cannot tell which copy is job leader', { error })
    return false
  }
}

async function runOnce(deps: Deps): Promise<void> {
  try {
    const handled = await runDueWork(deps, dueWork)
    if (handled > 0) deps.log.info('due work done', { handled })
  } catch (error) {
    deps.log.warn('due work failed', { error })
  }
}
