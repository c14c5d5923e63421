/** The processor time that the work takes, in milliseconds, on all threads: what else the machine does is not counted. */
export async function processorMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

/** Less than this, in milliseconds, is nothing that could grow. */
const negligibleMs = 5

/** How many times as much work four times the size makes: about 4 when it is linear, 16 when it is quadratic. */
export async function growthOf(work: (size: number) => unknown, size: number): Promise<number> {
  const least = async (of: number) => {
    const runs = [1, 2, 3].map(() => () => processorMs(() => work(of)))
    let best = Number.POSITIVE_INFINITY
    for (const run of runs) best = Math.min(best, await run())
    return best + negligibleMs
  }
  await work(size)
  return (await least(4 * size)) / (await least(size))
}
