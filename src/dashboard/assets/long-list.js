import './accessible-autocomplete.js'

/** Turns a long list into a field that finds its options by typing. */
export default function enhance(list) {
  window.accessibleAutocomplete.enhanceSelectElement({
    selectElement: list,
    defaultValue: list.value === '' ? '' : undefined,
    showAllValues: true,
    preserveNullOptions: true,
    displayMenu: 'overlay',
  })
}
