import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { page, withSettings } from '../scripts/settings-table'

const read = (path: string) => Bun.file(join(import.meta.dir, '..', path)).text()

test('the README is short, and says how to try Reeve and how to test it', async () => {
  const readme = await read('README.md')
  expect(readme.split('\n').length).toBeLessThanOrEqual(120)
  for (const command of ['npm start', 'npm test']) expect(readme).toContain(command)
})

test('the operators’ table of settings is the one the program reads them by', async () => {
  const text = await read(page)
  expect(withSettings(text)).toBe(text)
})
