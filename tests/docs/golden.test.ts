import { expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dir, '..', '..')
const renew =
  'The API document has changed. Where that is meant, renew tests/openapi.golden.json with "npm run openapi".'

test('the document is the one kept in tests/openapi.golden.json, printed without a store', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'reeve-openapi-'))
  try {
    const child = Bun.spawn([process.execPath, join(root, 'src/main.ts'), 'openapi'], {
      cwd: directory,
      stdout: 'pipe',
      stderr: 'pipe',
    })
    const [out, err, code] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ])
    expect([code, err]).toEqual([0, ''])
    expect(readdirSync(directory)).toEqual([])
    const golden: unknown = await Bun.file(join(root, 'tests/openapi.golden.json')).json()
    expect(JSON.parse(out), renew).toEqual(golden)
  } finally {
    rmSync(directory, { recursive: true })
  }
})
