import type { About } from '../../core/about'
import type { Json } from '../../lib/json'

/** For every list and path, whichever resource it belongs to. */
const own = {
  tag: { name: 'System', description: 'Health and version of the server; no key needed.' },
  parameters: {
    page: 'Number of the page, from 1',
    pageSize: 'Number of rows on a page',
    id: 'The `id` that every answer has',
    createdFrom: 'Created on or after this instant',
    createdTo: 'Created before this instant',
    updatedFrom: 'Changed on or after this instant',
    updatedTo: 'Changed before this instant',
    format: 'Format of the file: csv by default',
  },
  samples: {
    'Version.version': '0.1.0',
    'Version.commit': null,
    hasMore: false,
    page: 1,
    pageSize: 20,
    total: 1,
    totalPages: 1,
    nextCursor: 'WyIyMDI2LTAzLTEzVDA5OjMwOjAwLjAwMFoiXQx5fD0kq2Zr9oTtWbM4eHcU',
  },
} satisfies About

type Refusals = NonNullable<About['refusals']>

/** Everything in the document that routes and schemas do not say. */
export type Texts = {
  tags: { name: string; description: string }[]
  parameters: Record<string, string>
  /** Values for examples; missing ones come from a schema's own examples, defaults and enums. */
  samples: Record<string, Json>
  refusals: Refusals
}

export function textsOf(abouts: readonly About[]): Texts {
  const all: About[] = [...abouts, own]
  return {
    tags: all.flatMap(({ tag }) => tag ?? []),
    parameters: Object.assign({}, ...all.map(({ parameters }) => parameters)),
    samples: Object.assign({}, ...all.map(({ samples }) => samples)),
    refusals: all.reduce<Refusals>((merged, { refusals = {} }) => addedTo(merged, refusals), {}),
  }
}

const addedTo = (merged: Refusals, more: Refusals): Refusals => ({
  ...merged,
  ...Object.fromEntries(
    Object.entries(more).map(([name, examples]) => [
      name,
      { ...merged[name as keyof Refusals], ...examples },
    ]),
  ),
})
