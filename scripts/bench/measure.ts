import { type Reply, Wire } from './client'

export type Load = { request: Buffer; status: number }

/** A load ends when either bound is reached. */
export type Bounds = { connections: number; ms: number; most: number }

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** By the nearest rank. */
export function percentile(values: readonly number[], of100: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((sorted.length * of100) / 100) - 1)] ?? Number.NaN
}

/**
 * Milliseconds per request: with one connection the median, with several the total time divided by the number of requests.
 * Fails on an answer with any other status.
 */
export async function timePerRequest(port: number, load: Load, bounds: Bounds): Promise<number> {
  const startedAt = performance.now()
  const times = await timesOf(port, load, bounds)
  const elapsed = performance.now() - startedAt
  return bounds.connections === 1 ? median(times) : elapsed / times.length
}

/** Milliseconds of each single request. */
export async function timesOf(
  port: number,
  load: Load,
  { connections, ms, most }: Bounds,
): Promise<number[]> {
  const until = performance.now() + ms
  const times: number[] = []
  const isOver = (now: number) => now >= until || times.length >= most
  await onWires(port, connections, (wire) => keepAsking(wire, load, times, isOver))
  return times
}

/** Runs `work` while other connections send requests all the time; returns when the last of these is answered. */
export async function whileAsked<T>(
  port: number,
  load: Load,
  connections: number,
  work: () => Promise<T>,
): Promise<T> {
  let isOver = false
  const asked = onWires(port, connections, (wire) => keepAsking(wire, load, [], () => isOver))
  try {
    // If they fail, nothing was measured beside them: that must end the work, too.
    return await Promise.race([work(), asked.then(() => Promise.reject(new Error('Nobody asked meanwhile')))])
  } finally {
    isOver = true
    await asked
  }
}

async function onWires(port: number, count: number, use: (wire: Wire) => Promise<void>): Promise<void> {
  const wires = await Promise.all(Array.from({ length: count }, () => Wire.open(port)))
  try {
    await Promise.all(wires.map(use))
  } finally {
    for (const wire of wires) wire.close()
  }
}

function keepAsking(
  wire: Wire,
  load: Load,
  times: number[],
  isOver: (now: number) => boolean,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let sentAt = 0
    const next = () => {
      sentAt = performance.now()
      wire.send(load.request, onReply, reject)
    }
    const onReply = ({ status, body }: Reply) => {
      if (status !== load.status) {
        reject(new Error(`Answered ${status} in place of ${load.status}: ${body.toString().slice(0, 300)}`))
        return
      }
      const now = performance.now()
      times.push(now - sentAt)
      if (isOver(now)) resolve()
      else next()
    }
    next()
  })
}

export type Subject = { name: string; port: number; load: Load }

/** Takes subjects in turn, so that other work on this machine affects all alike. Returns each subject's time per round. */
export async function inTurn(subjects: Subject[], rounds: number, bounds: Bounds): Promise<number[][]> {
  const warmUp = { ...bounds, ms: bounds.ms / 2 }
  for (const { port, load } of subjects) await timePerRequest(port, load, warmUp)
  const times: number[][] = subjects.map(() => [])
  for (let round = 0; round < rounds; round++) {
    for (const [i, { port, load }] of subjects.entries()) {
      times[i]?.push(await timePerRequest(port, load, bounds))
    }
  }
  return times
}

export type Ratio = { middle: number; least: number; most: number }

/** Round by round, how many times longer the one took than the other. */
export function ratioOf(times: readonly number[], others: readonly number[]): Ratio {
  const ratios = times.map((time, i) => time / (others[i] ?? Number.NaN))
  return { middle: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) }
}

export const showRatio = ({ middle, least, most }: Ratio) =>
  `${middle.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`

/** The first column is left-aligned, all others right-aligned. */
export function tableOf(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)
  return rows.map((row) => row.map(pad).join('   ')).join('\n')
}
