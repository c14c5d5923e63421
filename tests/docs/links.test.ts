import { describe, expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const root = join(import.meta.dir, '../..')
const pages = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file.replaceAll('\\', '/')}`),
]

const proseOf = (text: string) => text.replace(/^ *```[\s\S]*?^ *```$/gm, '').replace(/`[^`\n]*`/g, '')
const textOf = (page: string) => readFileSync(join(root, page), 'utf8')

type Link = { page: string; target: string }

/** Links and images to files of the repository and places on a page; not those to other sites or to a server's pages. */
const linksOf = (page: string): Link[] =>
  [...proseOf(textOf(page)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => ({ page, target }))
    .filter(({ target }) => !/^([a-z]+:|\/)/.test(target))

/** As GitHub makes them: lower case, punctuation dropped, hyphens for spaces, a number for a heading that comes again. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>()
  for (const [, heading = ''] of text.replace(/^ *```[\s\S]*?^ *```$/gm, '').matchAll(/^#+ (.+)$/gm)) {
    const slug = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-')
    let anchor = slug
    for (let i = 1; anchors.has(anchor); i++) anchor = `${slug}-${i}`
    anchors.add(anchor)
  }
  return anchors
}

function faultOf({ page, target }: Link): string | null {
  const [path = '', anchor] = target.split('#')
  const file = path === '' ? page : relative(root, join(root, dirname(page), path))
  if (!existsSync(join(root, file))) return 'no such file'
  if (anchor === undefined) return null
  return file.endsWith('.md') && anchorsOf(textOf(file)).has(anchor) ? null : 'no such heading'
}

describe('the pages', () => {
  test('lead to files and headings that exist', () => {
    const links = pages.flatMap(linksOf)
    expect(links.length).toBeGreaterThan(50)
    const faults = links.map((link) => ({ ...link, fault: faultOf(link) })).filter(({ fault }) => fault)
    expect(faults).toEqual([])
  })

  test('can all be reached from the README', () => {
    const reached = new Set(['README.md'])
    // A set that grows while it is walked is walked to its end.
    for (const page of reached) {
      for (const { target } of linksOf(page)) {
        const file = relative(root, join(root, dirname(page), target.replace(/#.*/, '')))
        if (pages.includes(file)) reached.add(file)
      }
    }
    expect(pages.filter((page) => !reached.has(page))).toEqual([])
  })

  test('name npm scripts that exist', () => {
    const { scripts } = JSON.parse(textOf('package.json'))
    const names = pages.flatMap((page) =>
      [...textOf(page).matchAll(/npm run ([a-z:-]*[a-z])/g)].map(([, name = '']) => name),
    )
    expect(names.length).toBeGreaterThan(5)
    expect(names.filter((name) => !(name in scripts))).toEqual([])
  })

  test('name rooms and files that exist, in the page about the architecture', () => {
    const files = ['docs', 'drizzle', 'scripts', 'src', 'tests'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
        (file) => `/${folder}/${file.replaceAll('\\', '/')}`,
      ),
    )
    const isThere = (name: string) => {
      const form = new RegExp(`/${name.replace(/\/$/, '').split('*').map(RegExp.escape).join('[^/]*')}$`)
      return existsSync(join(root, name)) || files.some((file) => form.test(file))
    }
    const spans = [
      ...textOf('docs/architecture.md').matchAll(/`([a-z*][\w.*/-]*(?:\/|\.(?:ts|njk|md|json)))`/g),
    ]
    const names = spans.map(([, name = '']) => name).filter((name) => !/\b(NAME|ROOM|PAGE|X)\b/.test(name))
    expect(names.length).toBeGreaterThan(100)
    expect(names.filter((name) => !isThere(name))).toEqual([])
  })
})
