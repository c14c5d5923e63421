import './accessible-autocomplete.js'

/** Turns a list that is too long to look through into a field that finds its options by what is typed. */
export default function enhance(list) {
  window.accessibleAutocomplete.enhanceSelectElement({
    selectElement: list,
    defaultValue: list.value === '' ? '' : undefined,
    showAllValues: true,
    preserveNullOptions: true,
    displayMenu: 'overlay',
  })
}
