// Speed as ratios within one run, never as figures of one machine: `npm run bench`, `npm run bench -- --scale`.
import { runRatios } from './bench/ratios'
import { runScale } from './bench/scale'

const endsWithinMs = 175_000

const isScale = process.argv.includes('--scale')
const timer = setTimeout(() => {
  console.error('The benchmark took too long and was ended.')
  process.exit(1)
}, endsWithinMs)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))
try {
  if (isScale) process.exitCode = (await runScale()) ? 0 : 1
  else await runRatios()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  clearTimeout(timer)
}
