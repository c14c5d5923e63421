import { expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { withSettings } from '../scripts/readme'

const root = join(import.meta.dir, '..')
const readme = await Bun.file(join(root, 'README.md')).text()

test('the README’s table of settings is the one the program reads them by', () => {
  expect(withSettings(readme)).toBe(readme)
})

test('every file the README points to is there', () => {
  const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((match) => match[1] as string)
  expect(links.length).toBeGreaterThan(3)
  expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([])
})

test('every npm script the README names exists', async () => {
  const { scripts } = await Bun.file(join(root, 'package.json')).json()
  const named = [...readme.matchAll(/npm run ([a-z:]+)/g)].map((match) => match[1] as string)
  expect(named.filter((name) => !(name in scripts))).toEqual([])
})
