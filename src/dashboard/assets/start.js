// Every page works without this file; it only makes them easier to use.
import { initAll as startGovuk } from './govuk-frontend.js'
import { FilterToggleButton, initAll as startMoj } from './moj-frontend.js'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')
startGovuk()
startMoj()

// Refused filters stay open.
for (const filter of document.querySelectorAll('[data-module="moj-filter"]:not([data-open])'))
  new FilterToggleButton(filter, { startHidden: false })

for (const button of document.querySelectorAll('[data-copy]')) {
  const source = document.getElementById(button.dataset.copy)
  const status = document.getElementById(`${button.dataset.copy}-copied`)
  if (!source || !navigator.clipboard) continue
  button.hidden = false
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(source.textContent.trim())
    if (status) status.textContent = 'Copied'
  })
}

for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false
  button.addEventListener('click', () => window.print())
}

const longLists = document.querySelectorAll('select[data-long]')
if (longLists.length > 0) {
  const { default: enhance } = await import('./long-list.js')
  for (const list of longLists) enhance(list)
}

const manyOptions = document.querySelectorAll('[data-many]')
if (manyOptions.length > 0) {
  const { default: enhance } = await import('./many-options.js')
  for (const options of manyOptions) enhance(options)
}

const sessionEnd = document.querySelector('dialog[data-session-seconds]')
if (sessionEnd) {
  const { default: watch } = await import('./session-end.js')
  watch(sessionEnd)
}

// The browser asks before somebody leaves a page on which they have typed something.
const typedIn = new Set()
for (const form of document.querySelectorAll('main form[method=post]')) {
  form.addEventListener('input', () => typedIn.add(form))
  form.addEventListener('submit', () => typedIn.delete(form))
}
window.addEventListener('beforeunload', (event) => {
  if (typedIn.size > 0) event.preventDefault()
})
