import './accessible-autocomplete.js'

/** The component takes what it suggests for HTML; names of wards and people are text. */
function asHtml(text) {
  const holder = document.createElement('span')
  holder.textContent = text
  return holder.innerHTML
}

/** Turns a long list into a field that finds its options by typing. */
export default function enhance(list) {
  window.accessibleAutocomplete.enhanceSelectElement({
    selectElement: list,
    defaultValue: list.value === '' ? '' : undefined,
    showAllValues: true,
    preserveNullOptions: true,
    displayMenu: 'overlay',
    templates: { inputValue: (text) => text ?? '', suggestion: asHtml },
  })
}
