/** Writers that wait for the store ask for its lock every 10 ms, and give up after two seconds. */
const [leastMs, mostMs] = [20, 250]
const share = 0.25

/** Lets those who wait for the store write: the longer the work has kept them waiting, the longer. */
export const letOthersWrite = (workedMs = 0) =>
  Bun.sleep(Math.min(mostMs, Math.max(leastMs, workedMs * share)))

/** For long changes that commit slice by slice: others can write between two slices. */
export async function* inSlices<T>(list: readonly T[], size: number): AsyncGenerator<T[]> {
  for (let i = 0; i < list.length; i += size) {
    const startedAt = performance.now()
    yield list.slice(i, i + size)
    if (i + size < list.length) await letOthersWrite(performance.now() - startedAt)
  }
}
