import './accessible-autocomplete.js'
import { matcherOf } from './matching.js'

/** The component takes what it suggests for HTML; names of wards and people are text. */
function asHtml(text) {
  const holder = document.createElement('span')
  holder.textContent = text
  return holder.innerHTML
}

/** Turns a long list into a field that finds its options by typing. */
export default function enhance(list) {
  const { id } = list
  const texts = [...list.options].map((option) => option.textContent)
  const matching = matcherOf(texts)
  window.accessibleAutocomplete.enhanceSelectElement({
    selectElement: list,
    defaultValue: list.value === '' ? '' : undefined,
    source: (typed, show) => {
      const matches = matching(typed)
      show(texts.filter((_, i) => matches[i]))
    },
    showAllValues: true,
    preserveNullOptions: true,
    displayMenu: 'overlay',
    templates: { inputValue: (text) => text ?? '', suggestion: asHtml },
  })
  const input = document.getElementById(id)
  list.form.addEventListener('submit', () => takeOver(input.value.trim(), list))
}

/** Chooses what was typed even if it is not an option: the server then refuses it, instead of getting an earlier choice. */
function takeOver(typed, list) {
  const textOf = (option) => option.textContent.trim()
  const chosen = list.selectedOptions[0]
  if (chosen && (textOf(chosen) === typed || (typed === '' && chosen.value === ''))) return
  const meant = [...list.options].find((option) =>
    typed === '' ? option.value === '' : textOf(option) === typed,
  )
  if (meant) meant.selected = true
  else list.add(new Option(typed, typed, true, true))
}
