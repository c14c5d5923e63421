import { describe, expect, test } from 'bun:test'
import { plainText, renderMarkdown, renderMarkdownAt } from '../../src/lib/markdown'

describe('what does harm is left out', () => {
  test.each([
    ['<script>alert(1)</script>after', 'after'],
    ['<style>p{color:red}</style>after', 'after'],
    ['<p onclick="x()" style="color:red" class="c" id="i">hi</p>', '<p>hi</p>'],
    ['<iframe src="https://example.org"></iframe>after', 'after'],
    ['<form action="/x"><input name="a"></form>after', 'after'],
    ['<object data="x"></object><embed src="x">after', 'after'],
    ['<base href="https://example.org"><meta http-equiv="refresh" content="0">after', 'after'],
    ['<!-- hidden -->after', 'after'],
    ['[x](javascript:alert(1))', '<p><a>x</a></p>'],
    ['[x](JaVaScRiPt:alert(1))', '<p><a>x</a></p>'],
    ['[x](java&#115;cript:alert(1))', '<p><a>x</a></p>'],
    ['[x](vbscript:x)', '<p><a>x</a></p>'],
    ['[x](data:text/html,x)', '<p><a>x</a></p>'],
    ['[x](file:///etc/passwd)', '<p><a>x</a></p>'],
    ['[x](//example.org)', '<p><a>x</a></p>'],
    ['<a href="java\nscript:x">x</a>', '<p><a>x</a></p>'],
    ['<a href="https://example.org" target="_blank" onmouseover="x()">x</a>', 'href="https://example.org">x'],
    ['![x](data:image/png;base64,AA)', '<p><img alt="x" /></p>'],
    ['![x](mailto:a@example.org)', '<p><img alt="x" /></p>'],
    ['<noscript><p title="</noscript><img src=x onerror=alert(1)>">', '<p></p>'],
  ])('%j → %j', (text, expected) => {
    const html = renderMarkdown(text)
    expect(html).toContain(expected)
    expect(html).not.toMatch(/<(?!\/?(p|a|img)\b)|\son\w+=|style=|javascript:|vbscript:|data:|alert/i)
  })
})

describe('markdown becomes HTML', () => {
  test.each([
    ['Two **three** *four* ~~five~~', '<p>Two <strong>three</strong> <em>four</em> <del>five</del></p>'],
    ['# One\n\n## Two', '<h2>One</h2>\n<h2>Two</h2>'],
    ['<h1 title="a">One</h1>', '<h2>One</h2>'],
    ['a\n\nb', '<p>a</p>\n<p>b</p>'],
    ['line  \nbreak', '<p>line<br />\nbreak</p>'],
    ['> said', '<blockquote>\n<p>said</p>\n</blockquote>'],
    ['- a\n- b', '<ul>\n<li>a</li>\n<li>b</li>\n</ul>'],
    ['3. c\n4. d', '<ol start="3">\n<li>c</li>\n<li>d</li>\n</ol>'],
    ['---', '<hr />'],
    ['`<b>` & "q" 5 < 6', '<p><code>&lt;b&gt;</code> &amp; "q" 5 &lt; 6</p>'],
    ['```js\n<script>\n```', '<pre><code>&lt;script&gt;\n</code></pre>'],
    ['&lt;script&gt;', '<p>&lt;script&gt;</p>'],
    ['[x](https://example.org "T")', '<p><a href="https://example.org" title="T">x</a></p>'],
    ['https://example.org', '<p><a href="https://example.org">https://example.org</a></p>'],
    ['[x](/news)', '<p><a href="/news">x</a></p>'],
    ['[x](mailto:a@example.org)', '<p><a href="mailto:a@example.org">x</a></p>'],
    ['[x](tel:+441179222000)', '<p><a href="tel:+441179222000">x</a></p>'],
    ['![a](https://example.org/a.png)', '<p><img src="https://example.org/a.png" alt="a" /></p>'],
    ['', ''],
  ])('%j → %j', (text, expected) => {
    expect(renderMarkdown(text)).toBe(expected)
  })

  test('tables too, with their alignment', () => {
    const html = renderMarkdown('| a | b |\n|---|--:|\n| 1 | 2 |')
    expect(html.replaceAll('\n', '')).toBe(
      '<table><thead><tr><th>a</th><th align="right">b</th></tr></thead>' +
        '<tbody><tr><td>1</td><td align="right">2</td></tr></tbody></table>',
    )
  })

  test('the same each time, however many texts come between', () => {
    const text = 'First **of** many'
    const first = renderMarkdown(text)
    for (let i = 0; i < 600; i++) expect(renderMarkdown(`Text *${i}*`)).toBe(`<p>Text <em>${i}</em></p>`)
    expect(renderMarkdown(text)).toBe(first)
  })
})

describe('markdown for readers elsewhere', () => {
  const text = '[one](/a) [two](mailto:a@b.example) **[three](b/c)** ![no](/p.png) *end* [four](#top)'

  test('has no link that leads nowhere, and closes every other by its name', () => {
    expect(renderMarkdownAt(undefined, text)).toBe(
      '<p>one <a href="mailto:a@b.example">two</a> <strong>three</strong>  <em>end</em> four</p>',
    )
  })

  test('has addresses that follow that of the council', () => {
    expect(renderMarkdownAt('https://avon.example/x/', '[one](/a) [two](b) **[three](#top)**')).toBe(
      '<p><a href="https://avon.example/a">one</a> <a href="https://avon.example/x/b">two</a> ' +
        '<strong><a href="https://avon.example/x/#top">three</a></strong></p>',
    )
  })
})

describe('the plain words of markdown', () => {
  test.each([
    ['# One\n\nTwo **three**', 'One\nTwo three'],
    ['- a\n- b\n\n> c', '- a\n- b\nc'],
    [
      'Bring:\n\n1. tea\n2. *cake*\n   - plum\n   - lemon\n\nThen go',
      'Bring:\n- tea\n- cake\n- plum\n- lemon\nThen go',
    ],
    ['- a\n\n- b', '- a\n- b'],
    ['a  \n\n---\n\nb\nc', 'a\nb c'],
    ['| a | b |\n|---|---|\n| 1 | 2 |', 'a b\n1 2'],
    ['line  \nbreak', 'line\nbreak'],
    ['[works](https://example.org) ![a](https://example.org/a.png) end', 'works end'],
    ['<script>alert(1)</script>after', 'after'],
    ['`<b>` & "q" 5 < 6', '<b> & "q" 5 < 6'],
    // Written as an entity of an entity, it is the text of an entity.
    ['&amp;lt;b&amp;gt;', '&lt;b&gt;'],
    ['Don’t  \n\n  run', 'Don’t\nrun'],
    ['', ''],
  ])('%j → %j', (text, expected) => {
    expect(plainText(text)).toBe(expected)
  })
})
