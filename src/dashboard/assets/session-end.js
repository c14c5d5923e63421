const warnedMs = 5 * 60_000
const everyMs = 5_000

/** Warns in every window of the dashboard before the session ends, and lets people stay signed in. */
export default function watch(dialog) {
  const others = new BroadcastChannel('reeve-session')
  const inMs = (seconds) => Date.now() + Number(seconds) * 1_000
  let endsAt = inMs(dialog.dataset.sessionSeconds)
  let latestAt = inMs(dialog.dataset.sessionLatest)
  let shown = ''

  function tell(part, left) {
    const minutes = Math.max(1, Math.ceil(left / 60_000))
    const words = minutes === 1 ? '1 minute' : `${minutes} minutes`
    for (const span of dialog.querySelectorAll('[data-minutes]'))
      if (span.textContent !== words) span.textContent = words
    // A closed message does not come back.
    if (shown === part) return
    shown = part
    for (const one of dialog.querySelectorAll('[data-when]')) one.hidden = one.dataset.when !== part
    dialog.setAttribute('aria-labelledby', dialog.querySelector(`[data-when=${part}] h2`).id)
    if (!dialog.open) dialog.showModal()
    dialog.querySelector(`[data-when=${part}] button`).focus()
  }

  function look() {
    const left = endsAt - Date.now()
    if (left <= 0) tell('ended', 0)
    else if (left <= warnedMs) tell(endsAt >= latestAt - 60_000 ? 'latest' : 'soon', left)
    else if (shown !== '') {
      shown = ''
      dialog.close()
    }
  }

  async function stay() {
    const answer = await fetch('/admin/session', {
      method: 'POST',
      body: new URLSearchParams(),
      redirect: 'manual',
    })
    if (answer.ok) {
      const { seconds, latestSeconds } = await answer.json()
      endsAt = inMs(seconds)
      latestAt = inMs(latestSeconds)
      others.postMessage(endsAt)
    } else if (answer.type === 'opaqueredirect') endsAt = Date.now()
    look()
  }

  others.onmessage = ({ data }) => {
    endsAt = Math.max(endsAt, data)
    look()
  }
  others.postMessage(endsAt)
  dialog.querySelector('[data-stay]').addEventListener('click', stay)
  for (const button of dialog.querySelectorAll('[data-close]'))
    button.addEventListener('click', () => dialog.close())
  setInterval(look, everyMs)
  look()
}
