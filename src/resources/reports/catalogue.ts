import { groupings } from './model'
import { intervals } from './period'

type Entry = { name: string; description: string; groupBy?: readonly string[]; intervals?: readonly string[] }

const entries: readonly Entry[] = [
  { name: 'summary', description: 'The figures of a time: what came in, what was done, how long it took.' },
  { name: 'timeseries', description: 'The same flow day by day, or by week, month or quarter.', intervals },
  {
    name: 'breakdown',
    description: 'What came in and was done, by ward or another grouping.',
    groupBy: groupings,
  },
  { name: 'sla', description: 'How many targets were met, and how many were missed.', groupBy: groupings },
  { name: 'backlog-age', description: 'How old the cases are that are open now.' },
  { name: 'workload', description: 'What each person has to deal with.' },
  { name: 'outcomes', description: 'How cases ended.' },
  { name: 'public', description: 'The figures that everybody may see, without small ones.' },
]

export const catalogue = {
  reports: entries.map(({ name, description, groupBy = [], intervals: parts = [] }) => ({
    name,
    path: `/api/reports/${name}`,
    description,
    groupBy: [...groupBy],
    intervals: [...parts],
  })),
}
