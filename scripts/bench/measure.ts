import { type Reply, Wire } from './client'

export type Load = { request: Buffer; status: number }

/** A load is held until either bound is reached. */
export type Bounds = { connections: number; ms: number; most: number }

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/**
 * Milliseconds a request: with one connection the median of single requests, with several the time of all
 * divided by their number. Fails on any answer of another status.
 */
export async function timePerRequest(port: number, load: Load, bounds: Bounds): Promise<number> {
  const wires = await Promise.all(Array.from({ length: bounds.connections }, () => Wire.open(port)))
  const startedAt = performance.now()
  const times: number[] = []
  try {
    await Promise.all(wires.map((wire) => keepAsking(wire, load, times, startedAt + bounds.ms, bounds.most)))
  } finally {
    for (const wire of wires) wire.close()
  }
  const elapsed = performance.now() - startedAt
  return bounds.connections === 1 ? median(times) : elapsed / times.length
}

function keepAsking(wire: Wire, load: Load, times: number[], until: number, most: number): Promise<void> {
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
      if (now >= until || times.length >= most) resolve()
      else next()
    }
    next()
  })
}

export type Subject = { name: string; port: number; load: Load }

/** Each subject's time in each round, subjects in turn, so that what else the machine does strikes all alike. */
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

/** Lines of a table whose first column is text and whose others are set to the right. */
export function tableOf(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)
  return rows.map((row) => row.map(pad).join('   ')).join('\n')
}
