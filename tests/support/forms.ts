const decode = (text: string) =>
  text
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')

/** What a browser would send of the forms in a page's middle, if nobody changed anything in them. */
export async function formOf(html: string): Promise<Record<string, string | string[]>> {
  const fields: Record<string, string[]> = {}
  const add = (name: string | null, value: string | null) => {
    if (name) fields[name] = [...(fields[name] ?? []), decode(value ?? '')]
  }
  let name: string | null = null
  let text = ''
  const within = 'main form[method=post]'
  await new HTMLRewriter()
    .on(`${within} input`, {
      element(input) {
        const isChoice = /^(checkbox|radio)$/.test(input.getAttribute('type') ?? '')
        if (!isChoice || input.hasAttribute('checked'))
          add(input.getAttribute('name'), input.getAttribute('value'))
      },
    })
    .on(`${within} select`, {
      element(select) {
        name = select.getAttribute('name')
      },
    })
    .on(`${within} option[selected]`, {
      element: (option) => add(name, option.getAttribute('value')),
    })
    .on(`${within} textarea`, {
      element(textarea) {
        const own = textarea.getAttribute('name')
        text = ''
        textarea.onEndTag(() => add(own, text))
      },
      text(chunk) {
        text += chunk.text
      },
    })
    .transform(new Response(html))
    .text()
  return Object.fromEntries(
    Object.entries(fields).map(([key, [first = '', ...more]]) => [
      key,
      more.length > 0 ? [first, ...more] : first,
    ]),
  )
}
