import { dashboardPaths, isInstalled, type ProxyName, proxies, startProxy } from '../support/proxies'
import { statusFrom } from '../support/raw-client'
import { atEnd, counted, inside, notTriedHere, office, once, outside, type Row, served, side } from './place'

export const group = 'On the way through other software'

const statusesFrom = async (port: number, machine: string, paths: readonly string[]): Promise<string> =>
  counted(await Promise.all(paths.map((path) => statusFrom(port, machine, path))))

function behind(name: ProxyName): Row[] {
  const proxy = once(async () => {
    const running = await startProxy(name, (await served()).port)
    atEnd(() => running.stop())
    return running
  })
  const tried = (work: (port: number) => Promise<string>) => async () =>
    isInstalled(name) ? work((await proxy()).port) : notTriedHere(`${name} is not installed`)
  return [
    {
      group,
      does: `the same through ${name}`,
      answer: tried((port) => statusesFrom(port, outside, dashboardPaths)),
      isRight: (answer) => answer.replaceAll(/\(\d times\)|40[034]|[, ]/g, '') === '',
    },
    {
      group,
      does: `changes a case through ${name}, which compresses, by the ETag that came, twice`,
      answer: tried(async (port) => {
        const { ids, council } = await side()
        const ask = (method: string, headers: Record<string, string>) =>
          fetch(`http://127.0.0.1:${port}/api/cases/${ids.case}`, {
            method,
            headers: {
              authorization: `Bearer ${council.key}`,
              'content-type': 'application/json',
              'accept-encoding': 'gzip',
              ...headers,
            },
            ...(method === 'PATCH' ? { body: JSON.stringify({ internalRef: `By ${name}` }) } : {}),
          })
        const tag = (await ask('GET', {})).headers.get('etag') ?? ''
        const first = await ask('PATCH', { 'if-match': tag })
        return `${first.status}, then ${(await ask('PATCH', { 'if-match': tag })).status}`
      }),
      isRight: (answer) => answer === '200, then 412',
    },
  ]
}

async function changedByTag(form: (tag: string) => string): Promise<number> {
  const { ask } = await office()
  const { id } = (await ask('POST', '/api/cases', { summary: 'Pothole' })).body
  const tag = (await ask('GET', `/api/cases/${id}`)).headers.get('etag') ?? ''
  return (await ask('PATCH', `/api/cases/${id}`, { priority: 'high' }, { 'if-match': form(tag) })).status
}

async function lengthsOfHead(paths: readonly string[], key: string): Promise<string> {
  const { server } = await served()
  const ask = (method: string, path: string) =>
    fetch(server.url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, 'accept-encoding': 'identity' },
    })
  const told = paths.map(async (path) => {
    const [head, whole] = [await ask('HEAD', path), await (await ask('GET', path)).bytes()]
    const length = head.headers.get('content-length')
    const date = head.headers.has('date') ? 'a date' : 'no date'
    if (length === null) return `no length, ${date}`
    return `${Number(length) === whole.length ? 'the length of GET' : 'another length'}, ${date}`
  })
  return counted(await Promise.all(told))
}

export const onTheWay: readonly Row[] = [
  {
    group,
    does: 'asks for the dashboard from an address that REEVE_ADMIN_ALLOW does not name, the path spelt five ways',
    answer: async () => statusesFrom((await served()).port, outside, dashboardPaths),
    isRight: (answer) => answer === '403 (5 times)',
  },
  {
    group,
    does: 'asks for it from an address that is named',
    answer: async () => statusesFrom((await served()).port, inside, ['/admin/sign-in']),
    isRight: (answer) => answer === '200',
  },
  ...(Object.keys(proxies) as ProxyName[]).flatMap(behind),
  {
    group,
    does: 'changes a case by its ETag weakened (W/), by one with -gzip, and by one that is stale',
    answer: async () =>
      [
        await changedByTag((tag) => `W/${tag}`),
        await changedByTag((tag) => tag.replace(/"$/, '-gzip"')),
        await changedByTag(() => '"stale"'),
      ].join(', '),
    isRight: (answer) => answer === '200, 200, 412',
  },
  {
    group,
    does: 'asks with HEAD for the map of wards, a feed and an export in three formats',
    answer: async () => {
      const { slug, council } = await side()
      const formats = ['csv', 'json', 'ndjson'].map((format) => `/api/cases/export?format=${format}`)
      return lengthsOfHead(
        [`/public/${slug}/wards.geojson`, `/public/${slug}/news.rss`, ...formats],
        council.key,
      )
    },
    isRight: (answer) => !/another length|no date/.test(answer),
  },
  {
    group,
    does: 'changes a webhook by the ETag that making it answered with; adds a note',
    answer: async () => {
      const { ask } = await office()
      const made = await ask('POST', '/api/webhooks', {
        url: 'https://93.184.216.34/x',
        events: ['case_created'],
      })
      const tag = { 'if-match': made.headers.get('etag') ?? '' }
      const patched = await ask('PATCH', `/api/webhooks/${made.body.id}`, { description: 'Ours' }, tag)
      const { id } = (await ask('POST', '/api/cases', { summary: 'Pothole' })).body
      const note = await ask('POST', `/api/cases/${id}/notes`, { body: 'Seen' })
      return `${patched.status}; a note comes ${note.headers.has('etag') ? 'with' : 'without'} an ETag`
    },
    isRight: (answer) => answer === '200; a note comes without an ETag',
  },
]
