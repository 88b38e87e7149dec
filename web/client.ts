import type { Problem } from "../src/api/contract.ts"
import { learnTime } from "./time/now.ts"

/** An answer that was "no", or none at all; `code` is stable and has words under `problems.<code>`. */
export class ProblemError extends Error {
  override readonly name = "ProblemError"
  readonly code: string
  readonly status: number
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title)
    this.code = problem.code
    this.status = problem.status
    this.problem = problem
  }
}

type Values = Record<string, string | number | boolean | null | undefined>

/** An address with those parameters that have a value. */
export function address(path: string, query?: Values): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query ?? {}))
    if (value !== undefined && value !== null && value !== "") search.set(key, String(value))
  const text = search.toString()
  return text === "" ? path : `${path}?${text}`
}

const unreachable: Problem = {
  type: "urn:zhunshi:problem:unreachable",
  title: "The server does not answer.",
  status: 0,
  code: "unreachable",
}

async function send<T>(path: string, init: RequestInit): Promise<T> {
  const askedAt = Date.now()
  let response: Response
  try {
    response = await fetch(path, { credentials: "same-origin", ...init })
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error
    throw new ProblemError(unreachable)
  }
  learnTime(response.headers.get("x-server-time"), askedAt)
  if (!response.ok) throw new ProblemError(await problemOf(response))
  if (response.status === 204) return undefined as T
  return (await response.json()) as T
}

async function problemOf(response: Response): Promise<Problem> {
  const fallback: Problem = {
    type: "about:blank",
    title: response.statusText,
    status: response.status,
    code: response.status >= 500 ? "internal" : "bad_request",
  }
  try {
    const body = (await response.json()) as Partial<Problem> & { message?: string }
    return { ...fallback, ...(body.message ? { detail: body.message } : {}), ...body }
  } catch {
    return fallback
  }
}

const asJson = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
})

/** Asks for something. Throws ProblemError for every "no". */
export const get = <T>(path: string, query?: Values, signal?: AbortSignal): Promise<T> =>
  send<T>(address(path, query), signal ? { signal } : {})
/** Sends something to be done. */
export const post = <T>(path: string, body: unknown = {}): Promise<T> => send<T>(path, asJson("POST", body))
/** Replaces something. */
export const put = <T>(path: string, body: unknown = {}): Promise<T> => send<T>(path, asJson("PUT", body))
/** Changes some of something. */
export const patch = <T>(path: string, body: unknown = {}): Promise<T> => send<T>(path, asJson("PATCH", body))
/** Removes something. */
export const remove = <T>(path: string): Promise<T> => send<T>(path, { method: "DELETE" })
/** Sends a form with a file. */
export const upload = <T>(path: string, form: FormData): Promise<T> =>
  send<T>(path, { method: "POST", body: form })

/** Sends a form with a file, telling how much of it has left (0–1). */
export function uploadTold<T>(path: string, form: FormData, told: (share: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    // fetch cannot tell how far an upload is.
    const request = new XMLHttpRequest()
    request.open("POST", path)
    request.upload.onprogress = ({ loaded, total }) => told(total > 0 ? loaded / total : 0)
    request.onerror = () => reject(new ProblemError(unreachable))
    request.onload = () => {
      const answer = new Response(request.responseText, {
        status: request.status,
        statusText: request.statusText,
      })
      if (answer.ok) resolve(JSON.parse(request.responseText) as T)
      else void problemOf(answer).then((problem) => reject(new ProblemError(problem)))
    }
    request.send(form)
  })
}
