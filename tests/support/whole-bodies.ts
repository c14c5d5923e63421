/** As many clients do, Python's sends the whole body before it looks for an answer. */
const script = `
import json, sys, urllib.error, urllib.request
url, key, times, size, form = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
def send():
    parts = (b"x" * 65536 for _ in range(size // 65536))
    headers = {"Content-Type": "application/json", "Authorization": "Bearer " + key}
    request = urllib.request.Request(url, b"x" * size if form == "whole" else parts, headers, method="POST")
    try:
        return [urllib.request.urlopen(request).status, ""]
    except urllib.error.HTTPError as error:
        return [error.code, json.load(error)["error"]]
    except Exception as error:
        return [0, str(error)]
print(json.dumps([send() for _ in range(times)]))
`

export type Form = 'whole' | 'chunked'

/** Needs Python. */
export const canSendWhole = Bun.which('python3') !== null

/** Answers to a client that sends this many bytes before it reads: status and message, or 0 if it was cut off. */
export async function sendWhole(
  url: string,
  key: string,
  times: number,
  size: number,
  form: Form,
): Promise<[status: number, message: string][]> {
  const args = [url, key, String(times), String(size), form]
  const python = Bun.spawn(['python3', '-c', script, ...args], { stderr: 'inherit' })
  return JSON.parse(await new Response(python.stdout).text())
}
