/** Puts a field before checkboxes that are too many to look through: those whose label holds what is typed stay. */
export default function enhance(options) {
  const input = document.createElement('input')
  const label = document.createElement('label')
  const said = document.createElement('p')
  const id = `${options.querySelector('input').name}-find`
  Object.assign(input, { id, type: 'search', className: 'govuk-input', autocomplete: 'off' })
  Object.assign(label, { htmlFor: id, className: 'govuk-label', textContent: 'Find in the list' })
  said.className = 'govuk-hint'
  said.setAttribute('role', 'status')
  const items = [...options.querySelectorAll('.govuk-checkboxes__item')]
  const show = () => {
    const wanted = input.value.trim().toLowerCase()
    // What is ticked stays in sight.
    for (const item of items) {
      item.hidden = !item.textContent.toLowerCase().includes(wanted) && !item.querySelector('input').checked
    }
    const shown = items.filter((item) => !item.hidden).length
    said.textContent = `${shown} of ${items.length} shown`
  }
  input.addEventListener('input', show)
  // Enter looks for something; it does not send the form.
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') event.preventDefault()
  })
  options.before(label, input, said)
  show()
}
