// Run by fixed-window.test.ts in a process of its own: what a full window costs, as JSON.
import { FixedWindow } from '../../src/lib/fixed-window'

const distinctKeys = 1_000_000
const windowMs = 60_000

const keyOf = (i: number) => `2001:db8:${i.toString(16).padStart(8, '0')}::/64`

const heap = () => {
  Bun.gc(true)
  return process.memoryUsage().heapUsed
}

/** The most memory the process held while `visit` was given every key. */
function peakOf(visit: (key: string, i: number) => void): number {
  let peak = 0
  for (let i = 0; i < distinctKeys; i++) {
    visit(keyOf(i), i)
    if (i % 10_000 === 0) peak = Math.max(peak, process.memoryUsage().rss)
  }
  return Math.max(peak, process.memoryUsage().rss)
}

const windows = new FixedWindow(windowMs)
// Once without the limiter, so that what making the keys takes is not measured.
let length = 0
const peakWithout = peakOf((key) => {
  length += key.length
})

const heapBefore = heap()
const peak = peakOf((key, i) => windows.hit(key, 100, i / 100))
const heapFull = heap()
const sizeFull = windows.size
windows.sweep(windowMs + distinctKeys / 100)
// A turn of its own, so that nothing of the sweep is still on the stack.
await Bun.sleep(0)

process.stdout.write(
  JSON.stringify({
    length,
    sizeFull,
    sizeSwept: windows.size,
    rssPeak: peak - peakWithout,
    heapFull: heapFull - heapBefore,
    heapSwept: heap() - heapBefore,
  }),
)
