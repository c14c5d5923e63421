import type { Issue, IssueCode } from '../../lib/errors'
import type { NewsRow } from './table'

type Times = Pick<NewsRow, 'status' | 'publishedAt' | 'expiresAt'>

/**
 * Brings status and times into line: news for a future time is scheduled, and scheduled news whose time has come is
 * published. Adds contradictions to `issues`.
 */
export function settleTimes<T extends Times>(wanted: T, before: Times | null, now: Date, issues: Issue[]): T {
  const fault = (path: string, code: IssueCode, message: string) =>
    void issues.push({ in: 'body', path, code, message })
  const { status, publishedAt, expiresAt } = wanted
  const settled = { ...wanted }
  const isLater = publishedAt !== null && publishedAt > now
  if (status === 'scheduled') {
    if (publishedAt === null) fault('publishedAt', 'required', 'Required to schedule news')
    else if (!isLater && before?.status === 'scheduled') settled.status = 'published'
    else if (!isLater) fault('publishedAt', 'range', 'Must be in the future')
  }
  if (status === 'published') {
    if (isLater && before?.status === 'published') {
      fault('publishedAt', 'range', 'Must not be in the future: this news is published already')
    } else if (isLater) settled.status = 'scheduled'
    else settled.publishedAt ??= now
  }
  const isSame = before !== null && isSameTime(settled, before)
  if (!isSame && expiresAt !== null && expiresAt <= (settled.publishedAt ?? now)) {
    issues.push({
      in: 'body',
      path: 'expiresAt',
      code: 'order',
      other: 'publishedAt',
      message: 'Must come after publishedAt',
    })
  }
  return settled
}

/** Expired news stays valid until somebody changes its times. */
const isSameTime = (a: Times, b: Times) =>
  a.status === b.status &&
  a.publishedAt?.getTime() === b.publishedAt?.getTime() &&
  a.expiresAt?.getTime() === b.expiresAt?.getTime()
