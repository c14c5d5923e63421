import { userInfo } from 'node:os'

/**
 * The name of the system account that this process runs under. Bun’s `userInfo` takes it from `USER`, which cron and
 * services leave empty and anybody can set, so we ask the system where we can.
 */
export function accountName(): string {
  const uid = process.getuid?.()
  if (uid === undefined) return userInfo().username
  const id = Bun.which('id')
  const asked = id === null ? null : Bun.spawnSync([id, '-un'])
  return asked?.success ? asked.stdout.toString().trim() : `account ${uid}`
}
