import { AppError, type Issue } from '../../lib/errors'
import type { Problem } from './fields'

/** Refusals that somebody can put right in the form itself. */
const mendable = new Set([
  'bad_request',
  'conflict',
  'stale',
  'unauthenticated',
  'unprocessable',
  'rate_limited',
])

/** A form that is shown for the first time. */
export const noProblem: Problem = { issues: [], message: null, isStale: false }

/** A form that was kept while its author signed in: shown as it was sent, to be sent again. */
export const keptProblem: Problem = { issues: [], message: null, isStale: false }

/** The status of a page that shows a form with this problem. */
export const statusOf = (problem: Problem): number =>
  problem === noProblem || problem === keptProblem ? 200 : problem.isStale ? 409 : 400

function problemOf(error: unknown): Problem | null {
  if (!(error instanceof AppError) || !mendable.has(error.kind)) return null
  const issues = (error.details.issues ?? []) as Issue[]
  return { issues, message: messageOf(error), isStale: error.kind === 'stale' }
}

function messageOf({ kind, message, details }: AppError): string {
  if (kind !== 'rate_limited') return message
  const minutes = Math.ceil(Number(details.retryAfter) / 60)
  return `There were too many attempts. Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`
}

/** Does the work of a form, or shows it again with the reason why it was refused. */
export async function submit(
  work: () => Promise<Response>,
  showAgain: (problem: Problem) => Promise<Response>,
): Promise<Response> {
  try {
    return await work()
  } catch (error) {
    const problem = problemOf(error)
    if (problem === null) throw error
    return showAgain(problem)
  }
}
