// Loaded before the tests by `npm test -- --times`: test files then take their hooks from ./timed-hooks, which measures them.
import { join } from 'node:path'

const timed = JSON.stringify(join(import.meta.dir, 'timed-hooks.ts'))

Bun.plugin({
  name: 'time the hooks of tests',
  setup: (build) => {
    build.onLoad({ filter: /\.test\.ts$/ }, async ({ path }) => ({
      contents: (await Bun.file(path).text()).replaceAll("from 'bun:test'", `from ${timed}`),
      loader: 'ts',
    }))
  },
})
