import type { Page } from '../../support/visitor'

/** The summaries of the cases in a page’s list, in order. */
export const listed = ({ html }: Page): string[] =>
  [...html.matchAll(/reeve-stack__text">([^<]*)</g)].map(([, summary]) => summary as string)

/** The addresses of links whose text begins with `words`. */
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

/** The links that remove a filter, by its text. */
export const removable = ({ html }: Page): Record<string, string> =>
  Object.fromEntries(
    [...html.matchAll(/moj-filter__tag" href="([^"]*)"><span[^>]*>[^<]*<\/span> ([^<]*)</g)].map(
      ([, href, text]) => [text as string, (href as string).replaceAll('&amp;', '&')],
    ),
  )
