import { expect, test } from 'bun:test'

const program = "console.log(require('./src/lib/account').accountName())"

const nameUnder = (env: Record<string, string>) =>
  Bun.spawnSync([process.execPath, '-e', program], { env }).stdout.toString().trim()

const whoIs = Bun.spawnSync(['id', '-un']).stdout.toString().trim()
const { PATH = '' } = process.env

test.each([{}, { USER: '' }, { USER: 'somebody-else' }] as Record<string, string>[])(
  'the account is that of the process, whatever %j says',
  (env) => {
    expect(nameUnder({ PATH, ...env })).toBe(whoIs)
  },
)

test('an account that nobody can name is told by its number', () => {
  expect(nameUnder({ PATH: '/nowhere' })).toBe(`account ${process.getuid?.()}`)
})
