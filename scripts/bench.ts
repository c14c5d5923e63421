// Compares speeds within one run, as absolute figures depend on the machine: `npm run bench`, also with `-- --scale`,
// `-- --search` or `-- --beside`.
import { runBeside } from './bench/beside/run'
import { runRatios } from './bench/ratios'
import { runScale } from './bench/scale'
import { runSearch } from './bench/search'

/** The second is longer, as a slow machine needs a minute or two to fill in a million cases. */
const [endsWithinMs, endsWithinMsOfMillion] = [175_000, 360_000]

const [isScale, isSearch, isBeside] = ['--scale', '--search', '--beside'].map((option) =>
  process.argv.includes(option),
)
const timer = setTimeout(
  () => {
    console.error('The benchmark took too long and was ended.')
    process.exit(1)
  },
  isScale || isSearch || isBeside ? endsWithinMsOfMillion : endsWithinMs,
)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))
try {
  if (isScale) process.exitCode = (await runScale()) ? 0 : 1
  else if (isBeside) process.exitCode = (await runBeside(process.argv[3] ?? '')) ? 0 : 1
  else if (isSearch) await runSearch()
  else await runRatios()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  clearTimeout(timer)
}
