import { matcherOf } from './matching.js'

/** Adds a search field to a long list of checkboxes: only those whose label contains the text stay. */
export default function enhance(options) {
  const input = document.createElement('input')
  const label = document.createElement('label')
  const status = document.createElement('p')
  const id = `${options.querySelector('input').name}-find`
  Object.assign(input, { id, type: 'search', className: 'govuk-input', autocomplete: 'off' })
  Object.assign(label, { htmlFor: id, className: 'govuk-label', textContent: 'Find in the list' })
  status.className = 'govuk-hint'
  status.setAttribute('role', 'status')
  const items = [...options.querySelectorAll('.govuk-checkboxes__item')]
  const matching = matcherOf(items.map((item) => item.textContent))
  const show = () => {
    const matches = matching(input.value)
    // Ticked boxes always stay.
    for (const [i, item] of items.entries()) {
      item.hidden = !matches[i] && !item.querySelector('input').checked
    }
    const shown = items.filter((item) => !item.hidden).length
    status.textContent = `${shown} of ${items.length} shown`
  }
  input.addEventListener('input', show)
  // Enter searches; it must not send the form.
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') event.preventDefault()
  })
  options.before(label, input, status)
  show()
}
