// Format, lint, types and architecture: everything that can be known in seconds, all faults in one run.
const steps: [name: string, command: string[]][] = [
  ['format and lint', ['node_modules/.bin/biome', 'ci', '--colors=off', '--error-on-warnings', '.']],
  // What has not changed since the last check is not checked again.
  ['types', ['node_modules/.bin/tsc', '--incremental', '--tsBuildInfoFile', 'node_modules/.cache/tsc.json']],
  ['architecture', [process.execPath, 'test', 'tests/architecture.test.ts']],
]

const results = await Promise.all(
  steps.map(async ([name, command]) => {
    const child = Bun.spawn(command, { stdout: 'pipe', stderr: 'pipe' })
    const [out, err, code] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ])
    return { name, code, output: `${out}${err}`.trim() }
  }),
)
for (const { name, code, output } of results) {
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name}`)
  if (code !== 0) console.log(output)
}
process.exit(results.every((result) => result.code === 0) ? 0 : 1)

export {}
