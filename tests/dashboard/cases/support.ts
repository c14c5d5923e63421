import type { Page } from '../../support/visitor'

/** The summaries of the cases in a page's list, in their order. */
export const listed = ({ html }: Page): string[] =>
  [...html.matchAll(/reeve-stack__text">([^<]*)</g)].map(([, summary]) => summary as string)

/** Where the links of a page lead whose words begin so. */
export const linksOf = ({ html }: Page, words: string): string[] =>
  [...html.matchAll(/<a [^>]*href="([^"]*)"[^>]*>([\s\S]*?)<\/a>/g)]
    .filter(([, , text]) =>
      (text as string)
        .replace(/<[^>]*>/g, '')
        .replace(/\s+/g, ' ')
        .trim()
        .startsWith(words),
    )
    .map(([, href]) => (href as string).replaceAll('&amp;', '&'))

/** The links by which a filter is taken away, by its words. */
export const removable = ({ html }: Page): Record<string, string> =>
  Object.fromEntries(
    [...html.matchAll(/moj-filter__tag" href="([^"]*)"><span[^>]*>[^<]*<\/span> ([^<]*)</g)].map(
      ([, href, text]) => [text as string, (href as string).replaceAll('&amp;', '&')],
    ),
  )
