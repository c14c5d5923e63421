import type { Deps } from '../core/ctx'
import { keepUp } from '../resources/cases/upkeep/service'

const everyMs = 15_000

/** Tells of missed targets, takes up cases that have waited and closes resolved ones, when their moments come. */
export function startTargets(deps: Deps): { stop(): Promise<void> } {
  let running: Promise<void> | undefined
  const round = () => {
    running ??= keepUpOnce(deps).finally(() => {
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

async function keepUpOnce(deps: Deps): Promise<void> {
  try {
    if (!(await deps.store.leads())) return
    const dealt = await keepUp(deps)
    if (dealt > 0) deps.log.info('targets kept', { cases: dealt })
  } catch (error) {
    deps.log.warn('keeping targets failed', { error })
  }
}
