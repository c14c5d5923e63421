import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import ts from 'typescript'

const root = join(import.meta.dir, '..', 'src')

/** A file may import only files of its own rank or a lower one, and never in a circle. */
const ranks: [rank: number, file: RegExp][] = [
  [100, /^main\.ts$/],
  [90, /^cli\//],
  [80, /^(app|deps)\.ts$/],
  [70, /^(dev|jobs|dashboard|public)\/|^resources\/.+[/.]routes\.ts$/],
  [60, /^http\//],
  [50, /[/.]service\.ts$/],
  [45, /^core\/write\.ts$/],
  [40, /^(core|resources)\/.+[/.]store\.ts$/],
  [20, /^(core|resources)\/.+[/.]table\.ts$/],
  // Scopes, plans and roles, which tables and ctx are written in.
  [15, /^core\/(ctx|scopes)\.ts$/],
  [10, /^db\//],
  [0, /^(config\.ts$|lib\/)/],
  // Any other file of core or a resource is a model or a pure rule.
  [30, /^(core|resources)\//],
]

const rankOf = (file: string) => ranks.find(([, form]) => form.test(file))?.[0]

type Import = { from: string; to: string }

const files = [...new Bun.Glob('**/*.ts').scanSync(root)].filter((file) => !file.endsWith('.d.ts'))

const resolve = (file: string, specifier: string) => {
  const path = relative(root, join(root, dirname(file), specifier))
  return [`${path}.ts`, path].find((candidate) => files.includes(candidate))
}

/** Imports of types count too, so the parser reads them: a transpiler would drop them. */
function importsOf(file: string): Import[] {
  const specifiers = ts
    .createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest)
    .statements.filter((node) => ts.isImportDeclaration(node) || ts.isExportDeclaration(node))
    .flatMap(({ moduleSpecifier }) =>
      moduleSpecifier && ts.isStringLiteral(moduleSpecifier) ? [moduleSpecifier.text] : [],
    )
  return [...new Set(specifiers)].flatMap((specifier) => {
    const to = specifier.startsWith('.') ? resolve(file, specifier) : undefined
    return to ? [{ from: file, to }] : []
  })
}

const imports = files.flatMap(importsOf)
const show = ({ from, to }: Import) => `${from} → ${to}`
const resourceOf = (file: string) => /^resources\/([^/]+)\//.exec(file)?.[1]

describe('imports', () => {
  test('every file has a rank', () => {
    expect(files.length).toBeGreaterThan(50)
    expect(imports.length).toBeGreaterThan(200)
    expect(files.filter((file) => rankOf(file) === undefined)).toEqual([])
  })

  test('point from left to right only', () => {
    const leftward = imports.filter(({ from, to }) => (rankOf(to) as number) > (rankOf(from) as number))
    expect(leftward.map(show)).toEqual([])
  })

  test('form no circle, imports of types included', () => {
    const next = Map.groupBy(imports, ({ from }) => from)
    const done = new Set<string>()
    const circleFrom = (file: string, path: string[]): string[] | undefined => {
      if (path.includes(file)) return [...path, file]
      if (done.has(file)) return undefined
      for (const { to } of next.get(file) ?? []) {
        const circle = circleFrom(to, [...path, file])
        if (circle) return circle
      }
      done.add(file)
      return undefined
    }
    expect(files.map((file) => circleFrom(file, [])).find((circle) => circle)).toBeUndefined()
  })

  test('core and http know no resource, lib knows nothing of ours', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        (/^(core|http)\//.test(from) && to.startsWith('resources/')) ||
        (from.startsWith('lib/') && !to.startsWith('lib/')),
    )
    expect(wrong.map(show)).toEqual([])
  })

  test('of another resource only its table, model and store are used', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        resourceOf(from) &&
        resourceOf(to) &&
        resourceOf(from) !== resourceOf(to) &&
        !/[/.](table|model)\.ts$/.test(to) &&
        !(/[/.]store\.ts$/.test(to) && /[/.]service\.ts$/.test(from)),
    )
    expect(wrong.map(show)).toEqual([])
  })
})

test('a folder holds more than one file', () => {
  const everything = [...new Bun.Glob('**/*').scanSync(root)]
  const folders = [...new Set(files.map((file) => dirname(file)))].filter((folder) => folder !== '.')
  const single = folders.filter(
    (folder) => everything.filter((file) => file.startsWith(`${folder}/`)).length === 1,
  )
  expect(single).toEqual([])
})

describe('what stands where', () => {
  const within = (pattern: RegExp, allowed: RegExp) =>
    files.filter((file) => !allowed.test(file) && pattern.test(readFileSync(join(root, file), 'utf8')))

  test('SQL and the query builder: tables, stores and src/db', () => {
    expect(within(/from '(drizzle-orm|bun:sqlite)/, /^db\/|[/.](table|store)\.ts$/)).toEqual([])
    expect(within(/\.(all|get|run)\(\)|\.run\('/, /^db\/|^http\/server\.ts$/)).toEqual([])
  })

  test('the environment: config, and what must be set before Elysia is read', () => {
    expect(within(/process\.env|Bun\.env/, /^(config|lib\/production)\.ts$/)).toEqual([])
  })

  test('the time and randomness: lib', () => {
    expect(within(/new Date\(\)|Date\.now\(\)|Math\.random\(|getRandomValues/, /^lib\//)).toEqual([])
  })

  test('Elysia: routes, src/http and the wiring', () => {
    expect(within(/from 'elysia'/, /^http\/|[/.]routes\.ts$|^app\.ts$/)).toEqual([])
  })

  test('what one engine has and the other has not: its own folder, settings and the move from one to the other', () => {
    const named = within(
      /sqlite|postgres/i,
      /^db\/|[/.]table\.ts$|^(config|lib\/setting|cli\/copy|cli\/openapi)\.ts$/,
    )
    expect(named).toEqual([])
    const drivers = within(/from 'bun:sqlite'|\bSQL\b.* from 'bun'/, /^db\/(sqlite|postgres)\//)
    expect(drivers).toEqual([])
  })

  test('the second engine is less than 5 % of all lines of code, both engines’ own less than 10 %', () => {
    const code = (file: string) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .filter((line) => !/^\s*(\/\/|\/?\*|$)/.test(line)).length
    const linesOf = (form: RegExp) =>
      files.filter((file) => form.test(file)).reduce((total, file) => total + code(file), 0)
    const [all, sqlite, postgres] = [linesOf(/./), linesOf(/^db\/sqlite\//), linesOf(/^db\/postgres\//)]
    expect(postgres / all).toBeLessThan(0.05)
    expect((sqlite + postgres) / all).toBeLessThan(0.1)
  })

  test('no file outgrows 250 lines, no lib file 150', () => {
    const lines = (file: string) => readFileSync(join(root, file), 'utf8').split('\n').length
    expect(files.filter((file) => lines(file) > (file.startsWith('lib/') ? 150 : 250))).toEqual([])
  })
})
